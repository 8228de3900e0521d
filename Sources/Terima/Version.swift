/// The release, as `terima --version`, `terima status` and the User-Agent of deliveries tell it.
enum Version {
    static let text = "0.1.0"
}
