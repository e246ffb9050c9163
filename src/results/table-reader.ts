/**
 * A shell function `table SOURCE TARGET [COLUMN...]`: writes a table in any form that a task may have (gzip, zip, JSON, another
 * separator) as comma-separated text, without the named columns. Python's standard library alone; cells stay as they are written.
 */
export const TABLE_READER = `table() { venv/bin/python - "$@" <<'PY'
import csv, gzip, io, json, sys, zipfile
from pathlib import Path

source, target, *drop = sys.argv[1:]
raw = Path(source).read_bytes()
if raw[:2] == b"\\x1f\\x8b":
    raw = gzip.decompress(raw)
elif raw[:4] == b"PK\\x03\\x04":
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        names = [n for n in packed.namelist() if not n.endswith("/") and "__MACOSX" not in n and "/." not in "/" + n]
        stem = Path(source).name.split(".")[0]
        raw = packed.read(next((n for n in names if Path(n).name.split(".")[0] == stem), names[0]))
text = raw.decode("utf-8-sig")
if text.lstrip()[:1] in ("[", "{"):
    lines = (line for line in text.split("\\n") if line.strip())
    records = json.loads(text) if text.lstrip()[0] == "[" else [json.loads(line) for line in lines]
    header = list(dict.fromkeys(name for record in records for name in record))
    cell = lambda value: "" if value is None else str(value) if isinstance(value, (str, bool)) else json.dumps(value)
    rows = [header, *([cell(record.get(name)) for name in header] for record in records)]
else:
    first = text.lstrip("\\r\\n").split("\\n", 1)[0]
    mark = max(",;\\t|", key=lambda each: len(next(csv.reader([first], delimiter=each), [])))
    csv.field_size_limit(2**31 - 1)
    rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark) if row]
kept = [place for place, name in enumerate(rows[0]) if name not in drop]
with open(target, "w", encoding="utf-8", newline="") as out:
    csv.writer(out, lineterminator="\\n").writerows([row[place] for place in kept] for row in rows)
PY
}`;
