#!/usr/bin/env bash
# notices.before.sh BUILD KEPT: the sticks of the journey, made by the office's program from the demonstration's notices.
set -euo pipefail
build=$1 kept=$2

# stick NAME NUMBER NOTICES
stick() {
	mkdir -p "$kept/$1"
	"$build/bin/gatehouse-office" sign --key kiosk/demo-office.key --site 1 --number "$2" \
		--issued 2026-11-23T07:00:00+08:00 --not-after 2026-12-31T08:00:00+08:00 \
		--why "区指挥部宣传第$2号" --out "$kept/$1" --notices "$3"
}

stick first 31 assets/notices/demo.ini
# the second week: one is changed, one is new, the others are gone
mkdir "$kept/week"
cp assets/notices/masks.png "$kept/week"
cat >"$kept/week/week.ini" <<'INI'
[masks]
title = 进出请佩戴口罩
text = 口罩请遮住口鼻。
picture = masks.png

[test]
title = 今天下午全员核酸检测
text = 时间:14:00—17:00
text = 地点:小区中心广场,请带身份证。
title_en = Test for everybody this afternoon
text_en = 14:00–17:00, central square. Bring your ID card.
INI
stick second 32 "$kept/week/week.ini"
# and none at all
: >"$kept/week/none.ini"
stick empty 33 "$kept/week/none.ini"
# a bit of a picture is another one
cp -R "$kept/first" "$kept/altered"
printf 'x' | dd of="$kept/altered/gatehouse-bundle/notices.bin" bs=1 seek=5000 conv=notrunc status=none
# cut
cp -R "$kept/first" "$kept/cut"
truncate -s -1 "$kept/cut/gatehouse-bundle/notices.bin"
