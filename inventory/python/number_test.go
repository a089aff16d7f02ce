package python

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestFloatText(t *testing.T) {
	for f, want := range map[float64]string{
		1: "1.0", 0: "0.0", math.Copysign(0, -1): "-0.0", 1e16: "1e+16", 9999999999999998: "9999999999999998.0",
		1e-5: "1e-05", 1e-4: "0.0001", 1.5e300: "1.5e+300", 5e-324: "5e-324", math.Inf(1): "inf", math.Inf(-1): "-inf",
		0.1: "0.1", -123456.75: "-123456.75", 1e22: "1e+22", 123456789012345680: "1.2345678901234568e+17",
	} {
		assert.Equal(t, want, FloatText(f))
	}
	assert.Equal(t, "nan", FloatText(math.NaN()))
}

func TestIntFromBase(t *testing.T) {
	assert.Equal(t, "255", intFromBase("ff", 16))
	assert.Equal(t, "15", intFromBase("0017", 8))
	assert.Equal(t, "5", intFromBase("101", 2))
	assert.Equal(t, "18446744073709551615", intFromBase("ffffffffffffffff", 16))
	assert.Equal(t, "18446744073709551616", intFromBase("10000000000000000", 16))
	assert.Equal(t, "42", intFromBase("00042", 10))
}
