#!/usr/bin/env bash
# Runs automlgen on one competition of MLE-bench within TIME_LIMIT_SECS and leaves submission, code and logs where the
# benchmark looks for them. Whenever this script is killed there is a submission: the sample at once, then the best program so
# far every SNAPSHOT_SECS, at the end the chosen answer. Nothing here depends on which competition it is.
set -uo pipefail
unset COMPETITION_ID

DATA_DIR=${DATA_DIR:-/home/data}
SUBMISSION_DIR=${SUBMISSION_DIR:-/home/submission}
LOGS_DIR=${LOGS_DIR:-/home/logs}
CODE_DIR=${CODE_DIR:-/home/code}
AGENT_DIR=${AGENT_DIR:-/home/agent}
VALIDATE=${VALIDATE:-/home/validate_submission.sh}
TIME_LIMIT_SECS=${TIME_LIMIT_SECS:-86400}
SNAPSHOT_SECS=${SNAPSHOT_SECS:-300}
# Time for choosing, refitting, packaging and copying; an early end gets as much of it as it is given.
RESERVE_SECS=${RESERVE_SECS:-$((TIME_LIMIT_SECS / 50 > 120 ? TIME_LIMIT_SECS / 50 : 120))}
GRACE_SECS=${GRACE_SECS:-60}

TASK_DIR=${AGENT_DIR}/task
RUNS_DIR=${AGENT_DIR}/runs
ANSWER=${SUBMISSION_DIR}/submission.csv
search_pid=

say() { echo "[$(date -u +%H:%M:%S)] $*"; }

left() { echo $((TIME_LIMIT_SECS - SECONDS)); }

# A reader never meets half a file.
place() { cp -f "$1" "$2.part" && mv -f "$2.part" "$2"; }

# In the form that the benchmark asks for, which is the product's own but where rows had to be numbered.
answer_with() {
  automlgen benchmark complete "$TASK_DIR" "$1" --to "$AGENT_DIR/answer.csv" >/dev/null 2>>"$LOGS_DIR/snapshot.log" \
    && place "$AGENT_DIR/answer.csv" "$ANSWER" || place "$1" "$ANSWER"
}

sample_as_answer() {
  local file
  for file in "$DATA_DIR"/*ubmission*.csv "$DATA_DIR"/*andom*rediction*.csv; do
    [ -s "$file" ] && place "$file" "$ANSWER" && say "submission: $(basename "$file")" && return
  done
  say "no sample submission in $DATA_DIR"
}

snapshot() {
  timeout "$GRACE_SECS" automlgen benchmark snapshot last --to "$AGENT_DIR/snapshot.csv" >/dev/null 2>>"$LOGS_DIR/snapshot.log" || return 1
  [ -s "$AGENT_DIR/snapshot.csv" ] && answer_with "$AGENT_DIR/snapshot.csv" && say "submission: best program so far"
}

results_folder() { find "$RUNS_DIR" -mindepth 1 -maxdepth 1 -type d 2>/dev/null | sort | tail -n 1; }

collect() {
  local folder
  folder=$(results_folder)
  [ -n "$folder" ] || return 0
  if [ -s "$folder/submission.csv" ]; then answer_with "$folder/submission.csv" && say "submission: chosen answer"; fi
  for name in solution.py members requirements.txt reproduce.sh; do
    [ -e "$folder/$name" ] && cp -rf "$folder/$name" "$CODE_DIR/"
  done
  for name in report.md nodes.csv events.jsonl choice.json; do
    [ -e "$folder/$name" ] && cp -f "$folder/$name" "$LOGS_DIR/"
  done
  return 0
}

worker_log() { cp -f "${AUTOMLGEN_CACHE:-$AGENT_DIR/cache}/logs/worker.log" "$LOGS_DIR/" 2>/dev/null || true; }

# Asked to stop: what was found so far is chosen and packaged, if there is time for it.
stopping() {
  trap - TERM INT
  say "asked to stop"
  if [ -n "$search_pid" ] && kill -0 "$search_pid" 2>/dev/null; then
    timeout "$GRACE_SECS" automlgen finish last >>"$LOGS_DIR/search.log" 2>&1
    for _ in $(seq "$GRACE_SECS"); do kill -0 "$search_pid" 2>/dev/null || break; sleep 1; done
    kill "$search_pid" 2>/dev/null
  fi
  finish
}

# The validity check is asked once, about the final file. It says whether the file can be graded, never how well.
validated() {
  [ -x "$VALIDATE" ] || [ -f "$VALIDATE" ] || return 0
  bash "$VALIDATE" "$ANSWER" >"$LOGS_DIR/validation.txt" 2>&1
  say "validation: $(tail -c 300 "$LOGS_DIR/validation.txt")"
  ! grep -qi 'submission invalid' "$LOGS_DIR/validation.txt"
}

finish() {
  collect
  worker_log
  if ! validated; then
    cp -f "$ANSWER" "$LOGS_DIR/invalid_submission.csv" 2>/dev/null
    sample_as_answer
  fi
  automlgen stack down >/dev/null 2>&1
  say "done after ${SECONDS} s"
  exit 0
}

mkdir -p "$SUBMISSION_DIR" "$LOGS_DIR" "$CODE_DIR" "$AGENT_DIR" "$RUNS_DIR"
exec > >(tee -a "$LOGS_DIR/start.log") 2>&1
trap stopping TERM INT
sample_as_answer

automlgen benchmark import "$DATA_DIR" --to "$TASK_DIR" || { say "import failed"; finish; }
budget=$(($(left) - RESERVE_SECS))
[ "$budget" -ge 30 ] || budget=30
say "searching for ${budget} s"
automlgen run "$TASK_DIR" --budget "${budget}s" --output "$RUNS_DIR" --json >"$LOGS_DIR/result.json" 2>"$LOGS_DIR/search.log" &
search_pid=$!

next=$SNAPSHOT_SECS
while kill -0 "$search_pid" 2>/dev/null; do
  if [ "$(left)" -le "$((RESERVE_SECS / 4))" ]; then say "time is up"; stopping; fi
  if [ "$SECONDS" -ge "$next" ]; then snapshot; next=$((SECONDS + SNAPSHOT_SECS)); fi
  sleep 1 &
  wait $!
done
wait "$search_pid" || { say "the search ended with $?: $(tail -n 2 "$LOGS_DIR/search.log")"; snapshot; }
finish
