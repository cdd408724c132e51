#!/usr/bin/env bash
# Starts a one-node Ceph (monitor, one in-memory OSD, RADOS gateway) on 127.0.0.1, as root and without systemd.
#   scripts/ceph.sh start DIR PORT    PORT: the gateway; PORT+1: the monitor. Prints the endpoint once it answers.
#   scripts/ceph.sh stop DIR          comes back when the daemons have ended
# Debian packages: radosgw ceph-mon ceph-osd ceph-common
set -euo pipefail
action=$1 dir=$2

stop() {
  local file pid
  for file in "$dir"/*.pid; do [ -e "$file" ] && kill "$(cat "$file")" 2>/dev/null || true; done
  for file in "$dir"/*.pid; do
    [ -e "$file" ] || continue
    pid=$(cat "$file")
    for _ in $(seq 50); do kill -0 "$pid" 2>/dev/null || continue 2; sleep .1; done
    kill -9 "$pid" 2>/dev/null || true
  done
}
if [ "$action" = stop ]; then stop; exit 0; fi

port=$3 monitor=$(($3 + 1))
listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
for p in "$port" "$monitor"; do if listens "$p"; then echo "port $p is taken" >&2; exit 1; fi; done
rm -rf "$dir"; mkdir -p "$dir"/{mon,osd,rgw,run}
trap 'status=$?; [ $status = 0 ] || { echo "Ceph did not start; see $dir/*.out and $dir/*.log" >&2; stop; }' EXIT

# memstore holds objects in memory, as large as `memstore device bytes` says; one small pool group each keeps the start short.
cat > "$dir/ceph.conf" <<CONF
[global]
fsid = $(cat /proc/sys/kernel/random/uuid)
mon host = [v2:127.0.0.1:$monitor/0]
ms bind ipv4 = true
public addr = 127.0.0.1
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
keyring = $dir/\$name.keyring
run dir = $dir/run
admin socket = $dir/run/\$name.asok
log file = $dir/\$name.log
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd pool default pgp num = 4
mon allow pool size one = true
mon warn on pool no redundancy = false
mon osd max pg per osd = 1000
osd crush chooseleaf type = 0
osd objectstore = memstore
memstore device bytes = 6442450944
rgw lifecycle work time = 00:00-23:59
[mon.a]
host = localhost
mon data = $dir/mon
[osd.0]
osd data = $dir/osd
[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:$port
rgw data = $dir/rgw
rgw dns name = 127.0.0.1
CONF
export CEPH_CONF="$dir/ceph.conf"
conf="-c $dir/ceph.conf"
fsid=$(sed -n 's/^fsid = //p' "$dir/ceph.conf")

ceph-authtool --create-keyring "$dir/mon.keyring" --gen-key -n mon. --cap mon 'allow *' >/dev/null
ceph-authtool --create-keyring "$dir/client.admin.keyring" --gen-key -n client.admin --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *' >/dev/null
ceph-authtool "$dir/mon.keyring" --import-keyring "$dir/client.admin.keyring" >/dev/null
monmaptool --create --addv a "[v2:127.0.0.1:$monitor/0]" --fsid "$fsid" "$dir/monmap" >/dev/null
cp "$dir/mon.keyring" "$dir/mon.a.keyring"
ceph-mon $conf --mkfs -i a --monmap "$dir/monmap" --keyring "$dir/mon.keyring"
ceph-mon $conf -i a -f >"$dir/mon.out" 2>&1 & echo $! > "$dir/mon.pid"
for _ in $(seq 60); do timeout 5 ceph $conf -s >/dev/null 2>&1 && break; sleep .5; done

osd=$(cat /proc/sys/kernel/random/uuid)
ceph $conf osd new "$osd" >/dev/null
ceph $conf auth get-or-create osd.0 mon 'allow profile osd' osd 'allow *' mgr 'allow profile osd' -o "$dir/osd.0.keyring" >/dev/null
ceph-osd $conf -i 0 --mkfs --osd-uuid "$osd" --osd-objectstore memstore --osd-data "$dir/osd" >/dev/null 2>&1
ceph-osd $conf -i 0 -f --osd-objectstore memstore --osd-data "$dir/osd" >"$dir/osd.out" 2>&1 & echo $! > "$dir/osd.pid"
for _ in $(seq 60); do ceph $conf osd stat 2>/dev/null | grep -q '1 up' && break; sleep .5; done

ceph $conf auth get-or-create client.rgw mon 'allow rwx' osd 'allow rwx' mgr 'allow rw' -o "$dir/client.rgw.keyring" >/dev/null
radosgw $conf -n client.rgw -k "$dir/client.rgw.keyring" -f >"$dir/rgw.out" 2>&1 & echo $! > "$dir/rgw.pid"
for _ in $(seq 300); do listens "$port" && break; sleep .2; done
listens "$port"
radosgw-admin $conf user create --uid=test --display-name=test --access-key=testaccess --secret-key=testsecretkey >/dev/null
echo "http://127.0.0.1:$port"
