#!/bin/sh
# Writes a dated backup into the folder given, then removes backups older than the days given (14).
#   sh deploy/backup.sh FOLDER [DAYS]
# Safe while the bot runs. A backup holds names and phones: keep the folder private, and a copy on another machine.
set -eu
umask 077

folder=${1:?Usage: backup.sh FOLDER [DAYS]}
days=${2:-14}
file="$folder/zhibu-$(date +%Y%m%d-%H%M%S).backup"

mkdir -p "$folder"
zhibu backup "$file"
find "$folder" -name 'zhibu-*.backup' -type f -mtime "+$days" -exec rm -f {} +
