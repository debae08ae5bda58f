import type { Completion } from '../../../shared/model/completion';

/** How an editor is helped by somebody who knows the database. */
export interface SqlAssist {
  /** `asked`: the person pressed the keys for it. Aborted when the text has moved on. */
  complete(text: string, offset: number, asked: boolean, signal: AbortSignal): Promise<Completion>;
  /** The text in the person's format; null when it can't be formatted. */
  format(text: string): Promise<string | null>;
  /** Opens the object that a name means. False when there is none. */
  goTo(path: readonly string[]): Promise<boolean>;
}
