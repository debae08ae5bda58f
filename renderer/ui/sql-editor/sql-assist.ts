import type { Completion, NameMeaning } from '../../../shared/model/completion';
import type { NameAt } from './statement-at-cursor';

/** How an editor is helped by somebody who knows the database. */
export interface SqlAssist {
  /** Whether names are offered while typing, not only when asked for. */
  readonly asTyped: boolean;
  /** What the editor's menu calls its entries. */
  readonly words: {
    readonly format: string;
    readonly goTo: string;
    readonly upperCase: string;
    readonly lowerCase: string;
  };
  /** `asked`: the person pressed the keys for it. Aborted when the text has moved on. Offsets are those of `text`, one statement. */
  complete(text: string, offset: number, asked: boolean, signal: AbortSignal): Promise<Completion>;
  /** The text in the person's format; null when it can't be formatted. */
  format(text: string): Promise<string | null>;
  /** Opens the object that a name leads to. False when there is none. */
  goTo(name: NameAt): Promise<boolean>;
  /** What the name at an offset of one statement means; null when nothing is known of it. */
  meaning(text: string, offset: number, signal: AbortSignal): Promise<NameMeaning | null>;
  /** Columns of the relation that a name means, with their types; empty when it is none. */
  columns(
    path: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly { readonly name: string; readonly type: string }[]>;
}
