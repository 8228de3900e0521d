/// How the wallet page looks: light and dark as the system is, from the smallest phone to a desktop.
enum WalletStyle {
    static let css = """
        :root{color-scheme:light dark;--page:#eef2f6;--card:#fff;--ink:#14212e;--soft:#566779;--line:#dde4eb;--main:#0b6e6e;--main-ink:#fff;\
        --band:#0a4f5c;--band-end:#0f7c74;--bad:#b3261e;--good:#12764a;--wait:#8a5a00}
        @media (prefers-color-scheme:dark){:root{--page:#0d1419;--card:#17212a;--ink:#eaf1f6;--soft:#a3b4c2;--line:#2b3945;--main:#4fd1c0;\
        --main-ink:#06211f;--band:#0a3a44;--band-end:#0e5a55;--bad:#ff9a90;--good:#6fdcaa;--wait:#f2c46b}}
        *{box-sizing:border-box;margin:0}
        html{font:100%/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",Cantarell,sans-serif;-webkit-text-size-adjust:100%}
        body{min-height:100vh;min-height:100dvh;display:flex;flex-direction:column;align-items:center;background:var(--page);color:var(--ink)}
        header{width:100%;display:flex;flex-wrap:wrap;gap:.5rem;align-items:center;justify-content:space-between;\
        padding:1rem 1.25rem 4.5rem;color:#fff;background:linear-gradient(120deg,var(--band),var(--band-end))}
        .brand{display:flex;align-items:center;gap:.6rem;font-weight:650;font-size:1.06rem;letter-spacing:.01em}
        .pill{padding:.2rem .7rem;border:1px solid rgb(255 255 255/.55);border-radius:99px;font-size:.8rem}
        main{width:calc(100% - 2rem);max-width:26rem;margin-top:-3.25rem;padding:1.5rem;border-radius:1.1rem;background:var(--card);\
        box-shadow:0 1px 2px rgb(8 25 40/.12),0 12px 32px rgb(8 25 40/.12)}
        h1{font-size:1.02rem;font-weight:500;color:var(--soft);text-align:center;overflow-wrap:anywhere}
        h1 strong{font-weight:650;color:var(--ink)}
        .amount{margin:.2rem 0 1.25rem;text-align:center;font-size:clamp(1.7rem,8.4vw,2.25rem);font-weight:700;line-height:1.2;\
        letter-spacing:-.02em;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
        .currency{font-size:.5em;font-weight:650;letter-spacing:.04em;color:var(--soft);vertical-align:.42em}
        dl{border-top:1px solid var(--line)}
        dl div{display:flex;gap:1rem;justify-content:space-between;padding:.68rem 0;border-bottom:1px solid var(--line);font-size:.94rem}
        dt{flex:none;color:var(--soft)}
        dd{text-align:right;font-weight:550;overflow-wrap:anywhere;min-width:0;font-variant-numeric:tabular-nums}
        form,.back{display:grid;gap:.7rem;margin-top:1.4rem}
        button,.back a{font:inherit;font-weight:650;min-height:3.1rem;padding:.6rem 1rem;border-radius:.8rem;border:1px solid transparent;\
        cursor:pointer;text-align:center;text-decoration:none;display:flex;align-items:center;justify-content:center}
        .approve{background:var(--main);color:var(--main-ink)}
        .decline{background:transparent;color:var(--bad);border-color:currentColor}
        .abandon{background:transparent;color:var(--soft);font-weight:500;min-height:2.75rem}
        button:hover,.back a:hover{filter:brightness(1.08)}
        .abandon:hover{text-decoration:underline}
        :focus-visible{outline:3px solid var(--main);outline-offset:3px}
        label{font-weight:600;font-size:.94rem;margin-bottom:-.35rem}
        input{font:inherit;font-size:1.35rem;letter-spacing:.3em;text-align:center;min-height:3.1rem;width:100%;border-radius:.8rem;\
        border:1px solid var(--soft);background:transparent;color:inherit}
        input[aria-invalid]{border-color:var(--bad)}
        .hint{font-size:.88rem;color:var(--soft);text-align:center}
        .error{color:var(--bad);font-weight:600;text-align:center;font-size:.94rem}
        main>.hint{margin-top:1.2rem}
        .result{text-align:center;margin-bottom:1.1rem}
        .result svg{fill:none;stroke:currentColor;stroke-width:1.6;stroke-linecap:round;stroke-linejoin:round}
        .result h1{margin-top:.4rem;font-size:1.3rem;font-weight:680;color:var(--ink)}
        .result p{color:var(--soft);font-size:.96rem}
        .result .error{margin-top:.7rem;color:var(--bad)}
        .charges{list-style:none;padding:0;margin-top:1rem;border-top:1px solid var(--line)}
        .charges li{padding:.75rem 0;border-bottom:1px solid var(--line);font-size:.88rem;color:var(--soft)}
        .charges p:first-child{display:flex;gap:1rem;justify-content:space-between;color:var(--ink);font-weight:600;font-size:.96rem}
        .charges span{white-space:nowrap}.charges span+span{font-size:.78rem;align-self:center}.charges code{font-size:.78rem}
        a{color:var(--main)}.back a.approve{color:var(--main-ink)}
        .good svg{color:var(--good)}.bad svg{color:var(--bad)}.wait svg{color:var(--wait)}
        footer{margin-top:auto;padding:1.75rem 1rem 1.25rem;text-align:center;font-size:.78rem;color:var(--soft)}
        footer span{display:block}
        code{font-family:ui-monospace,"SF Mono","DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
        @media (max-width:22rem){header{padding-inline:1rem}main{padding:1.2rem 1rem}dl div{font-size:.85rem}}
        @media (min-width:48rem){header{padding:1.25rem 2.5rem 9rem}main{margin-top:-6.5rem;padding:2.1rem 2.25rem}}
        """
}
