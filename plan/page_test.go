package plan

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/grouping"
)

// browse starts a headless Chromium on a page and returns what it prints.
func browse(t *testing.T, page []byte, arguments ...string) string {
	t.Helper()
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("chromium is not installed")
	}
	directory := t.TempDir()
	path := filepath.Join(directory, "plan.html")
	require.NoError(t, os.WriteFile(path, page, 0o644))
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, chromium, append([]string{
		"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--user-data-dir=" + filepath.Join(directory, "profile"),
	}, append(arguments, "file://"+path)...)...)
	printed, err := command.Output()
	require.NoError(t, err)
	return string(printed)
}

// A browser sees the cells and the rows that are meant, and nothing that a name brought in.
func TestPageInChromium(t *testing.T) {
	dom := browse(t, HTML(hostile(), Origin{}), "--dump-dom")
	cells := regexp.MustCompile(`title="[^"]*, host \d+ of \d+"`).FindAllString(dom, -1)
	assert.Len(t, cells, len(hostileNames)*(len(hostileNames)+1))
	assert.Equal(t, 2*len(hostileNames), strings.Count(dom, `<th scope="row">`))
	assert.NotContains(t, dom, "<script")
}

// Light and dark are two pictures, and neither is a blank sheet.
func TestPageIsDrawnInChromium(t *testing.T) {
	light := screenshot(t, "--blink-settings=preferredColorScheme=1")
	dark := screenshot(t, "--blink-settings=preferredColorScheme=0")
	assert.Greater(t, light.brightness, 200)
	assert.Less(t, dark.brightness, 60)
	assert.Greater(t, light.colors, 20)
	assert.Greater(t, dark.colors, 20)
}

// TestPageFits measures in a browser that nothing reaches out of the page, on a telephone and on a wide screen, and that every wave of
// every version has its label and its row there.
func TestPageFits(t *testing.T) {
	for name, plan := range map[string]*grouping.Plan{
		"forty hosts": {Versions: []*grouping.Version{
			version("shop-web-2.4.1", "shop_web_2_4_1", hosts("web%02d.fra1.prod.example.com", 0, 1), hosts("web%02d.fra1.prod.example.com", 1, 30)),
			version("db", "db", named("orders.db.eu-central-1.prod.example.com"), named("users-and-their-sessions.db.eu-central-1.prod.example.com",
				"billing.db.eu-central-1.prod.example.com")),
		}},
		"five thousand": {Versions: append(many(5_000, 500).Versions, many(9, 3).Versions...)},
		"a wave a host": many(500, 1),
		"hostile":       hostile(),
	} {
		t.Run(name, func(t *testing.T) {
			page := HTML(plan, Origin{Policy: strings.Repeat("folder/", 30) + "regal.yml"})
			measured := bytes.Replace(page, []byte("default-src 'none'"), []byte("default-src 'unsafe-inline'"), 1)
			measured = append(measured, `<script>
let out = 0, wide = document.documentElement.clientWidth;
for (const e of document.querySelectorAll("main *")) if (e.getBoundingClientRect().right > wide + 0.5) out++;
parent.document.title = "out " + out + " scroll " + (document.documentElement.scrollWidth - wide) + " width " + wide;
</script>`...)
			for _, width := range []string{"390", "1280"} {
				// A window cannot be as narrow as a telephone, a frame can.
				frame := fmt.Sprintf("<title></title><iframe style=\"border:0;width:%spx;height:844px\" srcdoc=\"%s\"></iframe>", width,
					html.EscapeString(string(measured)))
				dom := browse(t, []byte(frame), "--dump-dom", "--hide-scrollbars")
				title := regexp.MustCompile("<title>.*?</title>").FindString(dom)
				assert.Equal(t, "<title>out 0 scroll 0 width "+width+"</title>", title)
			}
			for _, version := range plan.Versions {
				for i := range version.Waves {
					assert.Contains(t, string(page), "<b>"+htmlText(waveTitle(version, i))+"</b>")
				}
			}
		})
	}
}

// TestPagePrints looks at the paper that a browser prints the page on: A4, and no more sheets than a table of that length needs.
func TestPagePrints(t *testing.T) {
	path := filepath.Join(t.TempDir(), "plan.pdf")
	browse(t, HTML(many(40, 4), Origin{}), "--print-to-pdf="+path, "--no-pdf-header-footer")
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	sheets := regexp.MustCompile(`/MediaBox \[0 0 ([0-9]+)[0-9.]* ([0-9]+)[0-9.]*\]`).FindAllSubmatch(data, -1)
	require.NotEmpty(t, sheets)
	assert.LessOrEqual(t, len(sheets), 2)
	for _, sheet := range sheets {
		assert.Equal(t, "594 841", string(sheet[1])+" "+string(sheet[2]), "points, as A4 has")
	}
}

// lab is a colour by CIE 1976, in which the distance of two is how far apart people see them.
type lab struct{ l, a, b float64 }

// labOf returns a colour that CSS writes as #rrggbb.
func labOf(t *testing.T, text string) lab {
	var rgb [3]float64
	for i := range rgb {
		value, err := strconv.ParseUint(text[2*i:2*i+2], 16, 8)
		require.NoError(t, err)
		rgb[i] = math.Pow((float64(value)/255+0.055)/1.055, 2.4)
	}
	f := math.Cbrt
	x := f((0.4124*rgb[0] + 0.3576*rgb[1] + 0.1805*rgb[2]) / 0.9505)
	y := f(0.2126*rgb[0] + 0.7152*rgb[1] + 0.0722*rgb[2])
	z := f((0.0193*rgb[0] + 0.1192*rgb[1] + 0.9505*rgb[2]) / 1.089)
	return lab{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

// TestLegendColorsAreTheirOwn: no colour of a legend can be taken for that of a canary, or for another one, in light or dark.
func TestLegendColorsAreTheirOwn(t *testing.T) {
	schemes := strings.Split(colorStyle, "@media")
	require.Len(t, schemes, 2)
	for _, scheme := range schemes {
		found := regexp.MustCompile(`--(c\d+|canary):#([0-9a-f]{6})`).FindAllStringSubmatch(scheme, -1)
		require.Len(t, found, distinctColors+2)
		for i, one := range found {
			for _, other := range found[:i] {
				a, b := labOf(t, one[2]), labOf(t, other[2])
				least := 15.0
				if one[1] == "canary" || other[1] == "canary" {
					least = 35
				}
				distance := math.Sqrt((a.l-b.l)*(a.l-b.l) + (a.a-b.a)*(a.a-b.a) + (a.b-b.b)*(a.b-b.b))
				assert.Greater(t, distance, least, "%s and %s", one[0], other[0])
			}
		}
	}
}

func TestPageSaysWhereItComesFrom(t *testing.T) {
	at := time.Date(2026, 11, 28, 23, 34, 59, 0, time.FixedZone("Shanghai", 8*60*60))
	for _, test := range []struct {
		from Origin
		want string
	}{
		{Origin{}, ""},
		{Origin{At: at}, "made 2026-11-28 15:34 UTC"},
		{Origin{at, "regal.yml", []string{"hosts.ini", "<b>\u202e"}, "v1.2.0"},
			`made 2026-11-28 15:34 UTC from regal.yml, hosts.ini, <b>\u202e by regal-inventory v1.2.0`},
		{Origin{Sources: []string{"-"}}, "made from -"},
	} {
		assert.Equal(t, test.want, test.from.text())
		page := string(HTML(mixed(t), test.from))
		assert.Equal(t, test.want != "", strings.Contains(page, `<p class="made">`+htmlText(test.want)+"</p>"))
	}
}

type picture struct{ brightness, colors int }

func screenshot(t *testing.T, scheme string) picture {
	path := filepath.Join(t.TempDir(), "plan.png")
	browse(t, HTML(mixed(t), Origin{}), "--screenshot="+path, "--window-size=1120,900", scheme)
	file, err := os.Open(path)
	require.NoError(t, err)
	defer file.Close()
	image, err := png.Decode(file)
	require.NoError(t, err)
	sum, count, colors := 0, 0, map[[3]uint32]bool{}
	for y := image.Bounds().Min.Y; y < image.Bounds().Max.Y; y += 3 {
		for x := image.Bounds().Min.X; x < image.Bounds().Max.X; x += 3 {
			r, g, b, _ := image.At(x, y).RGBA()
			sum, count = sum+int(r+g+b)/3>>8, count+1
			colors[[3]uint32{r, g, b}] = true
		}
	}
	return picture{sum / count, len(colors)}
}
