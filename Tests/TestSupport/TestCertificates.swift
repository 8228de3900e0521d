/// Certificates and keys for tests, made once with Python's `cryptography`: EC P-256, valid from 2000 to 2125 unless said otherwise. They protect nothing.
package enum TestCertificates {
    /// Signed the others but `stranger`.
    package static let authority = """
        -----BEGIN CERTIFICATE-----
        MIIBSTCB76ADAgECAhQE9b2PUoTRaAV/K3BaUzDt/Bi+YzAKBggqhkjOPQQDAjAZ
        MRcwFQYDVQQDDA5UZXN0IGF1dGhvcml0eTAgFw0wMDAxMDEwMDAwMDBaGA8yMTI1
        MDEwMTAwMDAwMFowGTEXMBUGA1UEAwwOVGVzdCBhdXRob3JpdHkwWTATBgcqhkjO
        PQIBBggqhkjOPQMBBwNCAAR5enFj0PA429+Qm5CIHyAjp6OIkvbDnAaQKQdB0KG6
        xIc56IOtwux0OfVdfy5e60GYvnqR/Q2qt8EqTZTn/qtLoxMwETAPBgNVHRMBAf8E
        BTADAQH/MAoGCCqGSM49BAMCA0kAMEYCIQDvBVFGxZJ3U++6kYrgBD7kC2SHwNKb
        z98rLP7bJOQrmQIhAMr/Oeob8MyLlC3PGgVXem5xalhmm12KdWI9u9Ceh8oa
        -----END CERTIFICATE-----
        """
    /// For `localhost` and 127.0.0.1.
    package static let server = """
        -----BEGIN CERTIFICATE-----
        MIIBXTCCAQOgAwIBAgIUI99PVh4R0xqvuFvcLj6eEis06gYwCgYIKoZIzj0EAwIw
        GTEXMBUGA1UEAwwOVGVzdCBhdXRob3JpdHkwIBcNMDAwMTAxMDAwMDAwWhgPMjEy
        NTAxMDEwMDAwMDBaMBQxEjAQBgNVBAMMCWxvY2FsaG9zdDBZMBMGByqGSM49AgEG
        CCqGSM49AwEHA0IABOM/fTjuU8Op9I1TJ1EVgQRgM3mOv24w+qeBrScWi6lCp5xy
        zZPftPEQolrJ7JCTYZnP3V0l0fcnz/Kd0fZsANyjLDAqMAwGA1UdEwEB/wQCMAAw
        GgYDVR0RBBMwEYIJbG9jYWxob3N0hwR/AAABMAoGCCqGSM49BAMCA0gAMEUCIAb6
        F2NA1M+WQf9FfbTfePcwmqDYE5HCxTbQLEWgU8WVAiEA3ShnEcOVcqI0KezUAD1F
        Djp48GZeSwObmukFOIa5alg=
        -----END CERTIFICATE-----
        """
    package static let serverKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgqRYMnwIP17iFM23C
        Oju2nIq6AatfzLJthpTzy/lIszWhRANCAATjP3047lPDqfSNUydRFYEEYDN5jr9u
        MPqnga0nFoupQqeccs2T37TxEKJayeyQk2GZz91dJdH3J8/yndH2bADc
        -----END PRIVATE KEY-----
        """
    /// As `server`, with another key.
    package static let renewed = """
        -----BEGIN CERTIFICATE-----
        MIIBXDCCAQOgAwIBAgIUNgkY82aQ8IQyq8am9lDKlcTlm9swCgYIKoZIzj0EAwIw
        GTEXMBUGA1UEAwwOVGVzdCBhdXRob3JpdHkwIBcNMDAwMTAxMDAwMDAwWhgPMjEy
        NTAxMDEwMDAwMDBaMBQxEjAQBgNVBAMMCWxvY2FsaG9zdDBZMBMGByqGSM49AgEG
        CCqGSM49AwEHA0IABNLv5EHe0fLuk8YyEir3YVVBsvEW5jSOLLrm0Xw21Elloh5t
        Z6IZ/CmrPSR6DG/WQbxLAMpY6Rnh06KqJ7LoEbejLDAqMAwGA1UdEwEB/wQCMAAw
        GgYDVR0RBBMwEYIJbG9jYWxob3N0hwR/AAABMAoGCCqGSM49BAMCA0cAMEQCIDYD
        RyMh9AZReIk/4Yes/qnzbkCuJJAhj8E5SkKtrDYQAiAFYz+n1Z459znZxqawOw6/
        0nLN5IQ7hI/0NUDbX7vJEg==
        -----END CERTIFICATE-----
        """
    package static let renewedKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQge5GpTWlJwml83/Y5
        X41SGNweax5DSmWW/HTCQGoGqnmhRANCAATS7+RB3tHy7pPGMhIq92FVQbLxFuY0
        jiy65tF8NtRJZaIebWeiGfwpqz0kegxv1kG8SwDKWOkZ4dOiqiey6BG3
        -----END PRIVATE KEY-----
        """
    /// As `server`, at its end in 2001.
    package static let expired = """
        -----BEGIN CERTIFICATE-----
        MIIBWzCCAQGgAwIBAgIUakqdL5Xy/Q6JbTvtbTYp9Vi7+N4wCgYIKoZIzj0EAwIw
        GTEXMBUGA1UEAwwOVGVzdCBhdXRob3JpdHkwHhcNMDAwMTAxMDAwMDAwWhcNMDEw
        MTAxMDAwMDAwWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggq
        hkjOPQMBBwNCAART0XQRRC5fZ4lT7NE4MI02aC/NW8GZMlsI97EQPQihDE/SrcQ0
        KJFZxDVPd/ccJI3rq0PgMFzQRjwCrxmn0xOMoywwKjAMBgNVHRMBAf8EAjAAMBoG
        A1UdEQQTMBGCCWxvY2FsaG9zdIcEfwAAATAKBggqhkjOPQQDAgNIADBFAiALtqQP
        hXv0bSfdzii7wgDYgvQ1/D49O92nvjt9wTuYlwIhAOe+ycOXE0IbdswQvwjbShGU
        RpLbvN4xg2GLbsX9nwgO
        -----END CERTIFICATE-----
        """
    package static let expiredKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg9bg/JbnSHIRd84qP
        8cPT0IFyiaG5RPbzChdj4bn34BihRANCAART0XQRRC5fZ4lT7NE4MI02aC/NW8GZ
        MlsI97EQPQihDE/SrcQ0KJFZxDVPd/ccJI3rq0PgMFzQRjwCrxmn0xOM
        -----END PRIVATE KEY-----
        """
    /// For a client.
    package static let client = """
        -----BEGIN CERTIFICATE-----
        MIIBWDCB/6ADAgECAhQlUslwrKMqwiyZSofZP3WV320zADAKBggqhkjOPQQDAjAZ
        MRcwFQYDVQQDDA5UZXN0IGF1dGhvcml0eTAgFw0wMDAxMDEwMDAwMDBaGA8yMTI1
        MDEwMTAwMDAwMFowEDEOMAwGA1UEAwwFcHJveHkwWTATBgcqhkjOPQIBBggqhkjO
        PQMBBwNCAAQOD1BGKOZigYGJp2OsufGsdA3fYXOHNQhGqfWLXFOu5IIkwpqxB6HO
        DXvsMRcts2IpeivD4FOnPmENGGeEUqsRoywwKjAMBgNVHRMBAf8EAjAAMBoGA1Ud
        EQQTMBGCCWxvY2FsaG9zdIcEfwAAATAKBggqhkjOPQQDAgNIADBFAiB7sPsN9lyQ
        VZdCMohwVrAxjA7Ci9tCAmVI8/579hEZRAIhAOsjGNgYuiJv6PihwjqWbHSYQJb0
        Y0pg/w9yxOinzZU/
        -----END CERTIFICATE-----
        """
    package static let clientKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgQXtfnsMOCVCxSupz
        7zDN5O0KitiUK26R1cgs+aM0L6ChRANCAAQOD1BGKOZigYGJp2OsufGsdA3fYXOH
        NQhGqfWLXFOu5IIkwpqxB6HODXvsMRcts2IpeivD4FOnPmENGGeEUqsR
        -----END PRIVATE KEY-----
        """
    /// For a client, of another authority.
    package static let stranger = """
        -----BEGIN CERTIFICATE-----
        MIIBXTCCAQKgAwIBAgIUVPCVMfYVcJCwjc47/JYlan4k2+AwCgYIKoZIzj0EAwIw
        HDEaMBgGA1UEAwwRQW5vdGhlciBhdXRob3JpdHkwIBcNMDAwMTAxMDAwMDAwWhgP
        MjEyNTAxMDEwMDAwMDBaMBAxDjAMBgNVBAMMBXByb3h5MFkwEwYHKoZIzj0CAQYI
        KoZIzj0DAQcDQgAEuMAs9A1h8d6qm7e2ELDWYgkjymBOSQP9uHjZyGekjXjwycJR
        RWjAVu7GMEC28sds6X/hwrYYLGzkZHPCBhjv1aMsMCowDAYDVR0TAQH/BAIwADAa
        BgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZIzj0EAwIDSQAwRgIhAKom
        OGrk5mqF2aguFdy+9dKhmBeckaGIn3+5JmYCEYhmAiEA3Y6oR9GjaxhmNG5wv09/
        ghufT97c835jMb31ay4vfVY=
        -----END CERTIFICATE-----
        """
    package static let strangerKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgLI/qtpsXlN/StNXG
        lfcU2nJZw9lrBJkwbDksD7a/LvShRANCAAS4wCz0DWHx3qqbt7YQsNZiCSPKYE5J
        A/24eNnIZ6SNePDJwlFFaMBW7sYwQLbyx2zpf+HCthgsbORkc8IGGO/V
        -----END PRIVATE KEY-----
        """
    /// The key of `server` with a passphrase.
    package static let encryptedKey = """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIH0MF8GCSqGSIb3DQEFDTBSMDEGCSqGSIb3DQEFDDAkBBDm+y+WjAcVIrVc9dPK
        ztNRAgIIADAMBggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBKgQQXXVANkRgmNL/MnoX
        ChhySwSBkAHf0Nw5St7rgBGl8xtTTNhCwHmtI2GZf2qIau9uBSMWFfr/X3lV8FpN
        K+ww2ZEKsEjapfG9JzghIcqLC+5CQ1h2i31RiIdXh25zmSjz5HHGqKa2k6xQXPCB
        d+6BdFZM9vbXqTcEizxExpUAVzJr7o6h4nrhJIi+21LzMVaJQg9h/6u2i6+Vo4c9
        XhWsohqzHg==
        -----END ENCRYPTED PRIVATE KEY-----
        """
}
