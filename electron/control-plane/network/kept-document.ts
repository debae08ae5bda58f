import { existsSync } from 'node:fs';
import { openJsonDocument, type JsonDocument, type JsonDocumentOptions } from '../../adapters/storage/json-document';

/** What had become of a document when it was opened: `restored` from its copy, or `lost`, so that it began anew. */
export interface DocumentTrouble {
  readonly kind: 'restored' | 'lost';
  readonly file: string;
}

/** A document of which a copy is kept: one broken file does not take with it what people have set up. */
export interface KeptDocument<T> extends JsonDocument<T> {
  /** Null: it was whole, or there was none yet. */
  readonly trouble: DocumentTrouble | null;
}

const copyOf = (file: string): string => `${file}.kept`;

/** Without a copy that can be used, the document has none until it is written for the next time. */
function openCopy<T>(options: JsonDocumentOptions<T>): JsonDocument<T> | null {
  const file = copyOf(options.file);
  try {
    return openJsonDocument({ ...options, file });
  } catch (error) {
    options.log.write('warn', 'the copy of a document cannot be read', { file, reason: String(error) });
    return null;
  }
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/**
 * Opens a document like `openJsonDocument`, but when it is broken or gone the copy `<file>.kept` is in force, and the document is made again
 * from it. The copy is written after the document, so it is never ahead of it.
 */
export function openKeptDocument<T>(options: JsonDocumentOptions<T>): KeptDocument<T> {
  const { file, defaults, log } = options;
  const copy = openCopy(options);
  const kept = copy?.current() ?? defaults;
  const hasCopy = kept !== defaults;
  const wasThere = existsSync(file);
  let broken = false;
  const document = openJsonDocument({
    ...options,
    defaults: kept,
    onBroken(aside, reason) {
      broken = true;
      options.onBroken?.(aside, reason);
    },
  });

  const copyNow = async (value: T): Promise<void> => {
    if (!copy || same(copy.current(), value)) return;
    // A copy is a second chance, no condition.
    await copy
      .update(() => value)
      .catch((error: unknown) => {
        log.write('warn', 'the copy of a document could not be written', { file: copyOf(file), reason: String(error) });
      });
  };

  let trouble: DocumentTrouble | null = null;
  if ((broken || !wasThere) && hasCopy) {
    trouble = { kind: 'restored', file };
    log.write('error', 'a document was broken or gone and is made again from its copy', { file });
    document
      .update((current) => current)
      .catch((error: unknown) => {
        log.write('error', 'a document could not be made again', { file, reason: String(error) });
      });
  } else if (broken) {
    trouble = { kind: 'lost', file };
    log.write('error', 'a document was broken and has no copy: it begins anew', { file });
  } else if (wasThere) {
    void copyNow(document.current());
  }

  return {
    trouble,
    current: () => document.current(),
    async update(change) {
      const value = await document.update(change);
      await copyNow(value);
      return value;
    },
    async settled() {
      await document.settled();
      await copy?.settled();
    },
  };
}
