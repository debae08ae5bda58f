import type { RawSession } from '../../adapters/postgres/raw-session';
import type { ResultWriting } from './result-set';
import { standardStrings } from './script-run';

const STYLE = ['DateStyle', 'IntervalStyle', 'TimeZone'];

/** How a session reads constants and writes values now, as its server reports. */
export const writingOf = (raw: RawSession | null): ResultWriting => ({
  standardStrings: standardStrings(raw),
  style: STYLE.map((name) => raw?.parameter(name) ?? '').join('\n'),
});
