package inventory

import (
	"strconv"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/runenames"
)

// runeNamed returns the character that Python's \N{name} stands for (Modules/unicodedata.c, _getcode): a character's
// name or formal alias in any case, a Hangul syllable or a CJK ideograph in capitals only.
func runeNamed(name string) (rune, bool) {
	if syllable, ok := strings.CutPrefix(name, "HANGUL SYLLABLE "); ok {
		return hangulNamed(syllable)
	}
	if digits, ok := strings.CutPrefix(name, "CJK UNIFIED IDEOGRAPH-"); ok {
		return ideographNamed(digits)
	}
	r, ok := runesByName()[asciiUpper(name)]
	return r, ok
}

// asciiUpper leaves other scripts alone: strings.ToUpper would make an S of U+017F, and Python does not.
func asciiUpper(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r - 'a' + 'A'
		}
		return r
	}, name)
}

// The parts of a Hangul syllable's name, in the order in which Unicode composes them (The Unicode Standard, 3.12).
const (
	hangulFirst  = 0xAC00
	hangulLeads  = "G,GG,N,D,DD,R,M,B,BB,S,SS,,J,JJ,C,K,T,P,H"
	hangulVowels = "A,AE,YA,YAE,EO,E,YEO,YE,O,WA,WAE,OE,YO,U,WEO,WE,WI,YU,EU,YI,I"
	hangulTails  = ",G,GG,GS,N,NJ,NH,D,L,LG,LM,LB,LS,LT,LP,LH,M,B,BS,S,SS,NG,J,C,K,T,P,H"
)

func hangulNamed(syllable string) (rune, bool) {
	lead, rest := cutLongest(syllable, hangulLeads)
	vowel, rest := cutLongest(rest, hangulVowels)
	tail, rest := cutLongest(rest, hangulTails)
	if vowel < 0 || rest != "" {
		return 0, false
	}
	return hangulFirst + rune((lead*21+vowel)*28+tail), true
}

// cutLongest takes the longest of the parts off the front of name and returns its index, or -1 if none is there.
func cutLongest(name, parts string) (index int, rest string) {
	index, rest = -1, name
	for i, part := range strings.Split(parts, ",") {
		after, ok := strings.CutPrefix(name, part)
		if ok && (index < 0 || len(after) < len(rest)) {
			index, rest = i, after
		}
	}
	return index, rest
}

func ideographNamed(digits string) (rune, bool) {
	if len(digits) != 4 && len(digits) != 5 || digits != strings.ToUpper(digits) {
		return 0, false
	}
	n, err := strconv.ParseUint(digits, 16, 32)
	r := rune(n)
	// The block of compatibility ideographs holds a dozen unified ones, which have names of their own.
	if err != nil || !unicode.Is(unicode.Unified_Ideograph, r) || r >= 0xF900 && r <= 0xFAFF {
		return 0, false
	}
	return r, true
}

// runesByName turns Unicode's table round, when the first \N is met: hardly any inventory holds one.
var runesByName = sync.OnceValue(func() map[string]rune {
	runes := make(map[string]rune, 1<<16)
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if name := runenames.Name(r); name != "" && name[0] != '<' {
			runes[name] = r
		}
	}
	for line := range strings.Lines(nameAliases) {
		digits, names, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		r, _ := strconv.ParseUint(digits, 16, 32)
		for name := range strings.SplitSeq(names, "|") {
			runes[name] = rune(r)
		}
	}
	for i := range rune(256) {
		runes["VS"+strconv.Itoa(int(i)+1)] = variationSelector(i)
	}
	return runes
})

// variationSelector returns the i-th of the 256, counting from 0: sixteen stand apart from the others.
func variationSelector(i rune) rune {
	if i < 16 {
		return 0xFE00 + i
	}
	return 0xE0100 + i - 16
}

// nameAliases are Unicode 14's formal aliases (NameAliases.txt) as unicodedata.lookup knows them, without those of the
// variation selectors: a code point and its aliases on each line.
const nameAliases = `0000 NULL|NUL
0001 START OF HEADING|SOH
0002 START OF TEXT|STX
0003 END OF TEXT|ETX
0004 END OF TRANSMISSION|EOT
0005 ENQUIRY|ENQ
0006 ACKNOWLEDGE|ACK
0007 ALERT|BEL
0008 BACKSPACE|BS
0009 CHARACTER TABULATION|HORIZONTAL TABULATION|HT|TAB
000A LINE FEED|NEW LINE|END OF LINE|EOL|LF|NL
000B LINE TABULATION|VERTICAL TABULATION|VT
000C FORM FEED|FF
000D CARRIAGE RETURN|CR
000E SHIFT OUT|LOCKING-SHIFT ONE|SO
000F SHIFT IN|LOCKING-SHIFT ZERO|SI
0010 DATA LINK ESCAPE|DLE
0011 DEVICE CONTROL ONE|DC1
0012 DEVICE CONTROL TWO|DC2
0013 DEVICE CONTROL THREE|DC3
0014 DEVICE CONTROL FOUR|DC4
0015 NEGATIVE ACKNOWLEDGE|NAK
0016 SYNCHRONOUS IDLE|SYN
0017 END OF TRANSMISSION BLOCK|ETB
0018 CANCEL|CAN
0019 END OF MEDIUM|EOM
001A SUBSTITUTE|SUB
001B ESCAPE|ESC
001C INFORMATION SEPARATOR FOUR|FILE SEPARATOR|FS
001D INFORMATION SEPARATOR THREE|GROUP SEPARATOR|GS
001E INFORMATION SEPARATOR TWO|RECORD SEPARATOR|RS
001F INFORMATION SEPARATOR ONE|UNIT SEPARATOR|US
0020 SP
007F DELETE|DEL
0080 PADDING CHARACTER|PAD
0081 HIGH OCTET PRESET|HOP
0082 BREAK PERMITTED HERE|BPH
0083 NO BREAK HERE|NBH
0084 INDEX|IND
0085 NEXT LINE|NEL
0086 START OF SELECTED AREA|SSA
0087 END OF SELECTED AREA|ESA
0088 CHARACTER TABULATION SET|HORIZONTAL TABULATION SET|HTS
0089 CHARACTER TABULATION WITH JUSTIFICATION|HORIZONTAL TABULATION WITH JUSTIFICATION|HTJ
008A LINE TABULATION SET|VERTICAL TABULATION SET|VTS
008B PARTIAL LINE FORWARD|PARTIAL LINE DOWN|PLD
008C PARTIAL LINE BACKWARD|PARTIAL LINE UP|PLU
008D REVERSE LINE FEED|REVERSE INDEX|RI
008E SINGLE SHIFT TWO|SINGLE-SHIFT-2|SS2
008F SINGLE SHIFT THREE|SINGLE-SHIFT-3|SS3
0090 DEVICE CONTROL STRING|DCS
0091 PRIVATE USE ONE|PRIVATE USE-1|PU1
0092 PRIVATE USE TWO|PRIVATE USE-2|PU2
0093 SET TRANSMIT STATE|STS
0094 CANCEL CHARACTER|CCH
0095 MESSAGE WAITING|MW
0096 START OF GUARDED AREA|START OF PROTECTED AREA|SPA
0097 END OF GUARDED AREA|END OF PROTECTED AREA|EPA
0098 START OF STRING|SOS
0099 SINGLE GRAPHIC CHARACTER INTRODUCER|SGC
009A SINGLE CHARACTER INTRODUCER|SCI
009B CONTROL SEQUENCE INTRODUCER|CSI
009C STRING TERMINATOR|ST
009D OPERATING SYSTEM COMMAND|OSC
009E PRIVACY MESSAGE|PM
009F APPLICATION PROGRAM COMMAND|APC
00A0 NBSP
00AD SHY
01A2 LATIN CAPITAL LETTER GHA
01A3 LATIN SMALL LETTER GHA
034F CGJ
061C ALM
0709 SYRIAC SUBLINEAR COLON SKEWED LEFT
0CDE KANNADA LETTER LLLA
0E9D LAO LETTER FO FON
0E9F LAO LETTER FO FAY
0EA3 LAO LETTER RO
0EA5 LAO LETTER LO
0FD0 TIBETAN MARK BKA- SHOG GI MGO RGYAN
11EC HANGUL JONGSEONG YESIEUNG-KIYEOK
11ED HANGUL JONGSEONG YESIEUNG-SSANGKIYEOK
11EE HANGUL JONGSEONG SSANGYESIEUNG
11EF HANGUL JONGSEONG YESIEUNG-KHIEUKH
180B FVS1
180C FVS2
180D FVS3
180E MVS
180F FVS4
200B ZWSP
200C ZWNJ
200D ZWJ
200E LRM
200F RLM
202A LRE
202B RLE
202C PDF
202D LRO
202E RLO
202F NNBSP
205F MMSP
2060 WJ
2066 LRI
2067 RLI
2068 FSI
2069 PDI
2118 WEIERSTRASS ELLIPTIC FUNCTION
2448 MICR ON US SYMBOL
2449 MICR DASH SYMBOL
2B7A LEFTWARDS TRIANGLE-HEADED ARROW WITH DOUBLE VERTICAL STROKE
2B7C RIGHTWARDS TRIANGLE-HEADED ARROW WITH DOUBLE VERTICAL STROKE
A015 YI SYLLABLE ITERATION MARK
AA6E MYANMAR LETTER KHAMTI LLA
FE18 PRESENTATION FORM FOR VERTICAL RIGHT WHITE LENTICULAR BRACKET
FEFF BYTE ORDER MARK|BOM|ZWNBSP
122D4 CUNEIFORM SIGN NU11 TENU
122D5 CUNEIFORM SIGN NU11 OVER NU11 BUR OVER BUR
16E56 MEDEFAIDRIN CAPITAL LETTER H
16E57 MEDEFAIDRIN CAPITAL LETTER NG
16E76 MEDEFAIDRIN SMALL LETTER H
16E77 MEDEFAIDRIN SMALL LETTER NG
1B001 HENTAIGANA LETTER E-1
1D0C5 BYZANTINE MUSICAL SYMBOL FTHORA SKLIRON CHROMA VASIS
`
