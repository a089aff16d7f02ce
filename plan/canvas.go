package plan

import "fmt"

// colorStyle has the colours of pictures and pages, for light and for dark screens; paper is always light. No colour of a legend is
// like the canary's.
const colorStyle = `
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--line:#e1e5ea;--ink:#1b2330;--soft:#5b6675;--cell:#f4f6f9;
--canary:#d97706;--batch:#4b7bd1;--c0:#3b76c4;--c1:#3d9a6a;--c2:#8467bd;--c3:#2ba5b9;--c4:#c7639c;--c5:#7a8f2c;--c6:#b3413f;
--c7:#7b5a4a;--c8:#23486f;--c9:#9db7e8;--c10:#98a1ad}
@media screen and (prefers-color-scheme:dark){:root{--page:#0f1319;--card:#171d26;--line:#2a323e;--ink:#e7ebf1;--soft:#98a4b5;
--cell:#202834;--canary:#f2a93b;--batch:#6f9eea;--c0:#6ba3ec;--c1:#5fc08d;--c2:#ab90e3;--c3:#55c5d8;--c4:#e68bc0;--c5:#a8bf52;
--c6:#ee7b78;--c7:#bb9582;--c8:#4a6fa5;--c9:#c9dcff;--c10:#7d8897}}
`

// canvas takes the markup of a picture or a page from top to bottom; in a picture y is where the next thing is drawn.
type canvas struct {
	dst []byte
	y   int
}

// add writes markup. Whoever calls it has put every name among the arguments through markup or htmlText.
func (c *canvas) add(format string, args ...any) { c.dst = fmt.Appendf(c.dst, format, args...) }
