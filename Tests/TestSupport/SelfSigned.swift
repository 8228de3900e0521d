/// A certificate for `localhost` that vouches for itself, valid from 2020 to 2119, and its key. For tests on this machine only: the key is no secret.
package enum SelfSigned {
    package static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBQTCB6KADAgECAgEBMAoGCCqGSM49BAMCMBQxEjAQBgNVBAMMCWxvY2FsaG9z
        dDAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAwMFowFDESMBAGA1UEAwwJ
        bG9jYWxob3N0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEGSq3H8GpgWYssIML
        jThuSOJP4pvtW20C6JyrSSJf49xZ9GJdthMoLUMjKzPwf/A9Dz4Kesaxzhn77efh
        qo8JlaMpMCcwFAYDVR0RBA0wC4IJbG9jYWxob3N0MA8GA1UdEwEB/wQFMAMBAf8w
        CgYIKoZIzj0EAwIDSAAwRQIgcBM1NESGmvpJGs0AoWpoGDC1MUl/CC/hPfChwZXz
        kpQCIQC54i9qWVhOJydqjxognDdc4rKbqOVO3mOeuIwUSx7tjQ==
        -----END CERTIFICATE-----
        """
    package static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgvxXWi4TaY3vLWMyG
        1fTmj6JD1DUnJ8+iuaHdyvhXyu2hRANCAAQZKrcfwamBZiywgwuNOG5I4k/im+1b
        bQLonKtJIl/j3Fn0Yl22EygtQyMrM/B/8D0PPgp6xrHOGfvt5+GqjwmV
        -----END PRIVATE KEY-----
        """
}
