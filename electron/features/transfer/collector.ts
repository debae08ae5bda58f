import type { ImportReport, SkippedStatement } from '../../../shared/model/import';
import type { ToolMessage } from '../../../shared/model/tool-errors';
import type { TaskControl } from '../../ports';
import { extensionOfType } from '../../../shared/model/dump-text';
import { asFatal } from './target';

const KEEP = 1000;
const STATEMENT_CHARS = 4000;

/** Everything an import says while it runs, for the log, the report and the decision whether to go on. */
export interface Collector {
  add(message: ToolMessage): void;
  adapted(reason: string, wanted: boolean, line: number, statement: string): void;
  /** The first error that matters, and whether going on makes no sense. */
  readonly first: ToolMessage | null;
  readonly fatal: ToolMessage | null;
  readonly counts: ImportReport['counts'];
  readonly skipped: readonly SkippedStatement[];
  readonly adaptations: ImportReport['adapted'];
}

export function createCollector(control: Pick<TaskControl, 'log'>, onFatal: () => void): Collector {
  const counts = { errors: 0, harmless: 0, warnings: 0 };
  const kept: Record<'harmless' | 'error', SkippedStatement[]> = { harmless: [], error: [] };
  const adaptations = new Map<string, number>();
  let first: ToolMessage | null = null;
  let fatal: ToolMessage | null = null;
  return {
    add(told) {
      const message = withHint(told);
      const { level } = message;
      // What follows the end is only its echo.
      if (fatal !== null) return;
      const where = message.line > 0 ? `line ${message.line}: ` : '';
      if (level === 'info') {
        if (message.message !== '') control.log('info', message.message);
        return;
      }
      const words = [
        `${where}${message.message}${message.sqlstate ? ` (${message.sqlstate})` : ''}`,
        message.detail,
        message.hint && `Hint: ${message.hint}`,
        message.statement && `Statement: ${message.statement.slice(0, 500)}`,
      ];
      control.log(level, words.filter(Boolean).join('\n'));
      if (level === 'warning') {
        counts.warnings += 1;
        return;
      }
      if (level === 'error') {
        counts.errors += 1;
        first ??= message;
        if (
          fatal === null &&
          (message.fatal || asFatal(message.sqlstate) || /No space left on device/i.test(message.message))
        ) {
          fatal = message;
          onFatal();
        }
      } else counts.harmless += 1;
      const list = kept[level];
      if (list.length < KEEP)
        list.push({
          line: message.line,
          statement: message.statement.slice(0, STATEMENT_CHARS),
          message: [message.message, message.detail, message.hint].filter(Boolean).join('\n'),
          sqlstate: message.sqlstate,
          harmless: level === 'harmless',
        });
    },
    adapted(reason, wanted, line, statement) {
      const before = adaptations.get(reason) ?? 0;
      adaptations.set(reason, before + 1);
      if (!wanted && before < 20) control.log('harmless', `line ${line}: ${statement.slice(0, 200)} — ${reason}`);
    },
    get first() {
      return first;
    },
    get fatal() {
      return fatal;
    },
    counts,
    get skipped() {
      return [...kept.error, ...kept.harmless];
    },
    get adaptations() {
      return [...adaptations].map(([reason, count]) => ({ reason, count }));
    },
  };
}

/** A missing type of a well-known extension is a missing extension. */
function withHint(message: ToolMessage): ToolMessage {
  const extension = message.hint === '' ? extensionOfType(message.message) : null;
  return extension === null
    ? message
    : {
        ...message,
        hint: `It belongs to the extension ${extension}: install it on the server and run CREATE EXTENSION ${extension} first.`,
      };
}
