import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ClusterNode } from './node';

/** What the server writes before its collector takes over. */
export const startFile = (node: Pick<ClusterNode, 'log'>): string => join(node.log, 'start.log');

const TAIL = 16_000;

interface LogFile {
  readonly file: string;
  readonly at: number;
}

/** Files written to since `sinceMs` (milliseconds since the epoch), the newest last. */
function filesSince(node: Pick<ClusterNode, 'log'>, sinceMs: number): string[] {
  let names: string[];
  try {
    names = readdirSync(node.log);
  } catch {
    return [];
  }
  return names
    .flatMap((name): LogFile[] => {
      const file = join(node.log, name);
      try {
        return [{ file, at: statSync(file).mtimeMs }];
      } catch {
        return [];
      }
    })
    .filter(({ at }) => at >= sinceMs - 1000)
    .sort((one, other) => one.at - other.at)
    .map(({ file }) => file);
}

/** Lines of our `log_line_prefix` begin with their time; others belong to the line before, or to the start log. */
const TIME = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}) UTC /;

function linesSince(file: string, sinceMs: number): string[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').slice(-TAIL);
  } catch {
    return [];
  }
  return text.split('\n').filter((line) => {
    const time = TIME.exec(line)?.[1];
    return time === undefined || Date.parse(`${time.replace(' ', 'T')}Z`) >= sinceMs - 1000;
  });
}

const words = (line: string): string => line.replace(/^.*?\b(?:FATAL|PANIC|ERROR|LOG|WARNING):\s*/, '').trim();

/** Refusals of connections come while a server starts or stops; they are no reason for anything. */
const NO_REASON =
  /the database system is (?:starting up|shutting down|in recovery mode|not (?:yet )?accepting connections)|password authentication failed|terminating connection|terminating walreceiver/;

/**
 * Why a server ended or did not start, in its own words: the last PANIC or FATAL that is a reason, else what the system could not do, from its
 * start log and the logs of its collector. Empty when it said nothing.
 */
export function reasonInLog(node: Pick<ClusterNode, 'log'>, sinceMs: number): string {
  const lines = [...new Set([startFile(node), ...filesSince(node, sinceMs)])]
    .flatMap((file) => linesSince(file, sinceMs))
    .filter((line) => !NO_REASON.test(line));
  const last = (pattern: RegExp): string | undefined => lines.findLast((line) => pattern.test(line));
  const found =
    last(/\bPANIC:/) ??
    last(/\bFATAL:/) ??
    last(/error while loading|\bcould not\b|No space left/) ??
    // What it says before it knows where to log, e.g. about settings that do not fit together.
    last(/^postgres: /) ??
    last(/was terminated by signal|exited with exit code [1-9]/);
  return found === undefined ? '' : words(found.replace(/^postgres: /, ''));
}

/** What a standby says that will never stream again as it is. Source: walreceiver.c, walsender.c, xlogrecovery.c, xlog.c of 10 to 18. */
const HOPELESS =
  /forked off current database system timeline|requested WAL segment \S+ has already been removed|database system identifier differs|requested starting point .* is ahead of|requested starting point .* is not in this server's history|highest timeline \d+ of the primary is behind|requested timeline \d+ is not (?:in|a child of) this server's history|replication slot "[^"]*" (?:has been invalidated|does not exist)|can(?:not|no longer) (?:read|get changes) from .*replication slot|has been invalidated because it exceeded/;

/** Why a running standby does not stream and needs a new copy, in its own words; empty when it does not say so. */
export function divergence(node: Pick<ClusterNode, 'log'>, sinceMs: number): string {
  const line = filesSince(node, sinceMs)
    .flatMap((file) => linesSince(file, sinceMs))
    .findLast((each) => HOPELESS.test(each));
  return line === undefined ? '' : words(line);
}
