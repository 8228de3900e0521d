/// What every page of the sandbox has around it. One document without anything to load.
enum WalletFrame {
    /// - Parameters:
    ///   - title: Text.
    ///   - main: HTML.
    ///   - foot: HTML after the sentence that says what this is.
    static func html(title: String, main: String, foot: String = "") -> String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="robots" content="noindex">
        <title>\(escaped(title)) – Sandbox Wallet</title>
        <style>\(WalletStyle.css)</style>
        </head>
        <body>
        <header>
        <p class="brand"><svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true"><rect x="3" y="7" width="26" height="19" rx="5" fill="none" \
        stroke="currentColor" stroke-width="2.4"/><path d="M3 13h26" stroke="currentColor" stroke-width="2.4"/><circle cx="23" cy="19.5" r="2.2" \
        fill="currentColor"/></svg>Sandbox Wallet</p>
        <p class="pill">Test mode</p>
        </header>
        <main>
        \(main)
        </main>
        <footer><p><span>A stand-in for PPRO on one machine. No money moves.</span> \(foot)</p></footer>
        </body>
        </html>

        """
    }

    /// A page that only says something; both are text.
    static func notice(_ title: String, _ text: String) -> String {
        html(
            title: title,
            main: """
                <div class="result wait" role="alert">
                <svg viewBox="0 0 24 24" width="56" height="56" aria-hidden="true"><circle cx="12" cy="12" r="10.5"/><path d="M12 7v5.5M12 16.2v.1"/></svg>
                <h1>\(escaped(title))</h1>
                <p>\(escaped(text))</p>
                </div>
                """)
    }

    static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}
