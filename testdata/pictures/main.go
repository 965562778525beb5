// Command pictures draws the pictures of the sample desk's stories: landscapes that nobody has
// photographed. It writes them, and a small one of each, into the folder that it is given: go run
// ./testdata/pictures testdata/stations/pictures
package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"log"
	"math"
	"os"
	"path/filepath"
)

// Sizes in pixels, three by two, and how many bytes a picture may have.
const (
	width, height    = 1200, 800
	small            = 4 // how many times a small one is smaller
	mostBytes        = 40 << 10
	mostBytesOfSmall = 8 << 10
)

// rgb is a color; its parts are from 0 to 1.
type rgb struct{ r, g, b float64 }

// hex reads a color as style sheets write it.
func hex(n int) rgb { return rgb{float64(n>>16) / 255, float64(n>>8&255) / 255, float64(n&255) / 255} }

// mix is a color on the way from one to another.
func mix(a, b rgb, t float64) rgb {
	t = min(max(t, 0), 1)
	return rgb{a.r + (b.r-a.r)*t, a.g + (b.g-a.g)*t, a.b + (b.b-a.b)*t}
}

// scene is what a picture shows. Places are parts of its height, counted from the top.
type scene struct {
	name      string
	seed      float64
	top, low  int // the sky above, and at the horizon
	sun       rgb
	sunX      float64 // part of the width
	sunY      float64
	sunSize   float64 // 0: none
	far, near int     // colors of the farthest and the nearest ridge
	ridges    int
	rough     float64
	horizon   float64
	ground    func(s scene, x, y float64, under rgb) rgb
}

// noise is a smooth curve through values that depend on the whole numbers around x.
func noise(x, seed float64) float64 {
	at := math.Floor(x)
	value := func(n float64) float64 { return fraction(math.Sin(n*127.1+seed*311.7) * 43758.5453) }
	t := x - at
	t = t * t * (3 - 2*t)
	return value(at)*(1-t) + value(at+1)*t
}

func fraction(x float64) float64 { return x - math.Floor(x) }

// ridge is how high the outline of hills is, from 0 to 1.
func ridge(x, seed, rough float64) float64 {
	return .62*noise(x*2.2, seed) + .26*noise(x*6.3, seed+1) + rough*(.12*noise(x*17, seed+2)+.05*noise(x*48, seed+3))
}

// at is the color of a place; x is from 0 to 1.5, y from 0 to 1.
func (s scene) at(x, y float64) rgb {
	c := mix(hex(s.top), hex(s.low), math.Pow(y/s.horizon, 1.25))
	if s.sunSize > 0 {
		d := math.Hypot(x-s.sunX*1.5, y-s.sunY)
		c = mix(c, s.sun, .55*math.Exp(-d*d*9))
		c = mix(c, mix(s.sun, rgb{1, 1, 1}, .45), edge(s.sunSize-d))
	}
	cloud := noise(x*1.7+9, s.seed+40)*noise(y*9+x, s.seed+41) - .42
	c = mix(c, mix(hex(s.low), rgb{1, 1, 1}, .5), max(cloud, 0)*1.6*(1-y))
	for n := range s.ridges {
		t := float64(n+1) / float64(s.ridges)
		outline := s.horizon - .24*(1-t*.75)*ridge(x+float64(n)*3.7, s.seed+float64(n)*7, s.rough) + .05*t
		shade := mix(mix(hex(s.far), hex(s.low), .25*(1-t)), hex(s.near), t)
		shade = mix(shade, hex(s.low), .16*max(0, 1-(y-outline)*9)) // haze on the crest's far side
		c = mix(c, shade, edge(y-outline))
	}
	return s.ground(s, x, y, c)
}

// edge goes from 0 to 1 within the width of a pixel.
func edge(d float64) float64 { return min(max(d*height/1.4+.5, 0), 1) }

// field has furrows that run to a point at the horizon.
func field(s scene, x, y float64, under rgb) rgb {
	begin := s.horizon + .05
	if y < begin {
		return under
	}
	depth := (y - begin) / (1 - begin)
	furrow := math.Sin((x - .8) / (depth + .06) * 13)
	return mix(mix(hex(s.near), hex(0xc9b458), .35), mix(hex(s.near), hex(0x2c3a1a), .7), .5+.5*furrow*min(1, depth*3))
}

// water mirrors what is above the horizon, broken by ripples.
func water(s scene, x, y float64, under rgb) rgb {
	begin := s.horizon + .06
	if y < begin {
		return under
	}
	ripple := .012 * math.Sin(y*y*160+noise(x*5, s.seed)*6) * (y - begin) * 6
	mirrored := s
	mirrored.ground = func(_ scene, _, _ float64, c rgb) rgb { return c }
	c := mirrored.at(x+ripple, max(2*begin-y, 0))
	glint := noise(x*30, s.seed+math.Floor(y*170)) * noise(y*190, s.seed+5)
	return mix(mix(c, hex(s.top), .28), rgb{1, 1, 1}, .35*max(0, glint-.55))
}

// plain is bare ground with a road that leads to the horizon.
func plain(s scene, x, y float64, under rgb) rgb {
	begin := s.horizon + .05
	if y < begin {
		return under
	}
	depth := (y - begin) / (1 - begin)
	c := mix(mix(hex(s.near), hex(s.low), .3), hex(s.near), depth*1.3)
	c = mix(c, hex(s.far), .22*noise(x*9/(depth+.2), math.Floor(depth*12)+s.seed))
	center, half := .55+.5*depth*noise(depth*1.2, s.seed+3), .006+.17*depth
	c = mix(c, hex(0x4a4541), edge(half-math.Abs(x-center)))
	if fraction(1.5/(depth+.12)) < .5 {
		c = mix(c, hex(0xf1d9a4), edge(half*.05-math.Abs(x-center)))
	}
	return c
}

// cacti stand before the hills, with arms.
func cacti(s scene, x, y float64, under rgb) rgb {
	c := plainGround(s, x, y, under)
	for n := range 7 {
		k := float64(n)
		foot := .78 + .2*noise(k*3.1, s.seed+9)
		size := (foot - .6) * 1.25
		left := .08 + 1.34*fraction(k*.37+s.seed*.13)
		c = mix(c, mix(hex(s.near), hex(0x17211a), .75), edge(-cactus((x-left)/size, (y-foot)/size, k)*size))
	}
	return c
}

// cactus is how far a place is from one that is as high as 1 and stands at the origin; inside it is negative.
func cactus(x, y, kind float64) float64 {
	d := bar(x, y, 0, 0, 0, -1, .085)
	if fraction(kind*.618) < .75 {
		d = min(d, bar(x, y, 0, -.42, .27, -.46, .06), bar(x, y, .27, -.46, .27, -.8, .06))
	}
	if fraction(kind*.39) < .7 {
		d = min(d, bar(x, y, 0, -.3, -.24, -.34, .055), bar(x, y, -.24, -.34, -.24, -.6, .055))
	}
	return d
}

// bar is how far a place is from a line with round ends.
func bar(x, y, x1, y1, x2, y2, half float64) float64 {
	dx, dy := x2-x1, y2-y1
	t := min(max(((x-x1)*dx+(y-y1)*dy)/(dx*dx+dy*dy), 0), 1)
	return math.Hypot(x-x1-t*dx, y-y1-t*dy) - half
}

func plainGround(s scene, x, y float64, under rgb) rgb {
	begin := s.horizon + .06 + .02*noise(x*3, s.seed+6)
	depth := (y - begin) / (1 - begin)
	c := mix(mix(hex(s.near), hex(s.low), .22), mix(hex(s.near), hex(0x120d0a), .45), depth)
	c = mix(c, hex(s.far), .15*noise(x*13/(max(depth, 0)+.3), math.Floor(depth*9)+s.seed))
	return mix(under, c, edge(y-begin))
}

// town has houses with lit windows along a street.
func town(s scene, x, y float64, under rgb) rgb {
	c := plainGround(s, x, y, under)
	for row := range 2 {
		k := float64(row)
		cell := math.Floor(x*(9-3*k) + k*.4)
		left := fraction(x*(9-3*k) + k*.4)
		tall := .05 + .11*fraction(math.Sin(cell*91.7+s.seed*13+k)*437.5) + .04*k
		foot := s.horizon + .11 + .12*k
		roof := foot - tall
		if y < roof || y > foot || left < .03 {
			continue
		}
		wall := mix(mix(hex(s.far), hex(0xe9cfa4), fraction(cell*.41+k*.2)), hex(s.near), .35+.2*k)
		u, v := fraction(left*4), fraction((y-roof)*26)
		if u > .35 && u < .7 && v > .3 && v < .75 && y < foot-.025 {
			wall = mix(hex(s.near), hex(0xffdf8f), .35+.65*math.Round(fraction(cell*.77+math.Floor(left*4)*.31+k)))
		}
		c = mix(c, wall, edge(min(y-roof, foot-y)))
	}
	return c
}

// night has stars above a town or a plain.
func night(ground func(scene, float64, float64, rgb) rgb) func(scene, float64, float64, rgb) rgb {
	return func(s scene, x, y float64, under rgb) rgb {
		if y < s.horizon-.2 {
			cx, cy := math.Floor(x*46), math.Floor(y*46)
			h := fraction(math.Sin(cx*12.98+cy*78.2+s.seed) * 43758.5)
			d := math.Hypot(fraction(x*46)-.2-.6*h, fraction(y*46)-.2-.6*fraction(h*7))
			if h > .8 {
				under = mix(under, rgb{1, .97, .88}, (h-.72)*3*min(max((.09-d)*14, 0), 1))
			}
		}
		return ground(s, x, y, under)
	}
}

var scenes = []scene{
	{"tank-truck", 3, 0x7fb0c9, 0xf3dcb2, hex(0xffe9b8), .72, .3, .045, 0x8a9bb0, 0x8b5a34, 3, .7, .56, plain},
	{"museum", 8, 0x3f6f96, 0xe8c9a0, hex(0xffd79a), .2, .35, .05, 0xa07a6a, 0x6d4026, 3, 1, .52, town},
	{"bakery", 12, 0x243a5e, 0xf0a86a, hex(0xffc27a), .55, .48, .06, 0x6a5570, 0x4a2c2a, 2, .5, .55, town},
	{"chile-field", 15, 0x6aa5cf, 0xf4e6c4, hex(0xfff1c9), .3, .22, .04, 0x7f96a6, 0x5d7033, 3, .8, .46, field},
	{"lettuce", 21, 0x88c0d8, 0xf6ecd2, hex(0xfff6da), .8, .2, .04, 0x93a9a0, 0x4f8a3c, 2, .5, .42, field},
	{"river", 27, 0x5c93bd, 0xf7cf9a, hex(0xffdf9f), .5, .34, .05, 0x8083a8, 0x3f4a52, 4, .9, .5, water},
	{"bus-at-dusk", 41, 0x2c3d6b, 0xe88a5e, hex(0xffb27a), .66, .5, .06, 0x5d4a72, 0x2a2236, 3, .9, .57, plain},
	{"saguaros", 44, 0x3c6ea0, 0xf4a764, hex(0xffcf80), .3, .46, .065, 0x8d6a86, 0x54352c, 4, 1, .6, cacti},
	{"bear-grass", 49, 0x8fb9cd, 0xf1e2bf, hex(0xfff2cc), .85, .26, .04, 0xa2a182, 0x7a6a34, 3, .7, .5, field},
	{"agate", 57, 0x6fa6c4, 0xf0d2a6, hex(0xffe6b4), .6, .2, .04, 0xb08a74, 0x8a4f32, 4, 1, .55, plain},
	{"school-garden", 62, 0x7dbbd6, 0xf8efd6, hex(0xfff6d8), .25, .18, .04, 0x9fb39a, 0x567f38, 2, .4, .4, field},
	{"dust", 66, 0xb99a6a, 0xe9cf9e, hex(0xfff0c4), .5, .3, .05, 0xc2a478, 0x8a673e, 3, .4, .58, plain},
	{"dates", 71, 0x4f8fb8, 0xf6d6a2, hex(0xffe5ab), .7, .38, .05, 0x98927a, 0x4c5b2c, 2, .5, .48, field},
	{"canal", 75, 0x6db0d4, 0xf3e4c6, hex(0xfff0cd), .9, .3, .04, 0xa3a897, 0x6d7a4a, 2, .5, .45, water},
	{"choir", 80, 0x1c2748, 0xc9745c, hex(0xffa877), .5, .52, .05, 0x4c3f66, 0x1d1830, 3, .8, .58, night(town)},
	{"arivaca", 84, 0x79a9c2, 0xf5dca8, hex(0xffebb8), .2, .28, .045, 0xa3986f, 0x8a7338, 4, .7, .5, cacti},
	{"shoeshine", 88, 0x4d86ad, 0xf3cfa0, hex(0xffe0a8), .75, .36, .05, 0xa88068, 0x6b4330, 2, .6, .5, town},
	{"reservoir", 93, 0x5a7a99, 0xdccdb8, hex(0xf6ead0), .4, .3, .05, 0x7b8a92, 0x3e5348, 4, .9, .5, water},
	{"night-band", 97, 0x121a38, 0x5d4a78, hex(0xfff3d0), .78, .2, .04, 0x32315a, 0x15142a, 3, .6, .6, night(town)},
	{"telescopes", 102, 0x0e1730, 0x3d4f7c, hex(0xfff7e0), .2, .18, .03, 0x28345c, 0x0f1324, 4, 1, .66, night(cacti)},
	{"clinic", 107, 0x2b3a66, 0xe0906c, hex(0xffbd8c), .3, .5, .05, 0x5c5176, 0x2c263e, 3, .6, .56, night(town)},
	{"streetcar", 111, 0x6c9fc0, 0xf4d9ae, hex(0xffe8ba), .88, .3, .045, 0x9c8f98, 0x54433e, 3, .7, .52, town},
}

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: pictures FOLDER")
	}
	for _, s := range scenes {
		large, little := draw(s)
		write(filepath.Join(os.Args[1], s.name+".jpg"), large, mostBytes)
		name := fmt.Sprintf("%s-%dx%d.jpg", s.name, width/small, height/small)
		write(filepath.Join(os.Args[1], name), little, mostBytesOfSmall)
	}
}

// draw draws a scene, four points to a pixel, and the same smaller.
func draw(s scene) (large, little *image.RGBA) {
	large = image.NewRGBA(image.Rect(0, 0, width, height))
	little = image.NewRGBA(image.Rect(0, 0, width/small, height/small))
	for y := 0; y < height; y += small {
		for x := 0; x < width; x += small {
			var sum rgb
			for py := y; py < y+small; py++ {
				for px := x; px < x+small; px++ {
					var c rgb
					for _, off := range [...][2]float64{{.25, .25}, {.75, .25}, {.25, .75}, {.75, .75}} {
						p := s.at((float64(px)+off[0])/height, (float64(py)+off[1])/height)
						c = rgb{c.r + p.r/4, c.g + p.g/4, c.b + p.b/4}
					}
					large.SetRGBA(px, py, pixel(c))
					const n = small * small
					sum = rgb{sum.r + c.r/n, sum.g + c.g/n, sum.b + c.b/n}
				}
			}
			little.SetRGBA(x/small, y/small, pixel(sum))
		}
	}
	return large, little
}

func pixel(c rgb) color.RGBA {
	part := func(v float64) uint8 { return uint8(min(max(v, 0), 1)*255 + .5) }
	return color.RGBA{part(c.r), part(c.g), part(c.b), 255}
}

// write writes a picture as well as the bytes allow that it may have.
func write(path string, m image.Image, most int) {
	for quality := 88; ; quality -= 4 {
		var b bytes.Buffer
		if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: quality}); err != nil {
			log.Fatal(err)
		}
		if b.Len() <= most || quality <= 20 {
			if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
				log.Fatal(err)
			}
			return
		}
	}
}
