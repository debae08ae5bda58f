import { z } from 'zod';
import type { Relation } from '../change-stream';
import { StreamDamage } from '../decode/stream-damage';
import { TEXT_VALUE } from '../decode/tuple';
import { ddlEvent, type DdlEvent } from './ddl-event';

const signed = z.looseObject({ token: z.string() });

/** What a message tells; `foreign`: it is of another task, or of somebody who does not know the secret. `token` null: it is not known. */
export function readEvent(text: string, token: string | null): DdlEvent | 'foreign' {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'foreign';
  }
  const found = signed.safeParse(value);
  if (!found.success || token === null || found.data.token !== token) return 'foreign';
  const event = ddlEvent.safeParse(value);
  if (!event.success)
    throw new StreamDamage('', `a change of the structure is told in a way that is not known: ${event.error.message}`);
  return event.data;
}

/** The text of a column of a tuple. */
export function firstText(bytes: Buffer, at: number, relation: Relation, column: string): string {
  let position = at + 2;
  for (const { name } of relation.columns) {
    const text = bytes[position] === TEXT_VALUE;
    const length = text ? bytes.readInt32BE(position + 1) : 0;
    if (name === column) return bytes.toString('utf8', position + 5, position + 5 + length);
    position += text ? 5 + length : 1;
  }
  throw new StreamDamage('I', `the log of changes of the structure has no column ${column}`);
}
