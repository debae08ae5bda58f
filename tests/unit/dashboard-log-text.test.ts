import { expect, it } from 'vitest';
import { logText } from '../../renderer/features/dashboard/log-text';
import type { LogEntry } from '../../shared/model/dashboard';

const ENTRY: LogEntry = {
  time: '2026-03-01 12:00:00.000 UTC',
  severity: 'error',
  pid: '4711',
  user: 'web',
  database: 'shop',
  sqlstate: '22012',
  message: 'division by zero',
  more: 'CONTEXT:  here\nSTATEMENT:  SELECT 1/0',
};

it('writes entries as a log file has them', () => {
  const bare: LogEntry = { ...ENTRY, severity: 'other', pid: '', user: '', database: '', sqlstate: '', more: '' };
  expect(logText([ENTRY, { ...bare, message: 'no more than this' }])).toBe(
    `2026-03-01 12:00:00.000 UTC [4711] web@shop ERROR 22012: division by zero
\tCONTEXT:  here
\tSTATEMENT:  SELECT 1/0
2026-03-01 12:00:00.000 UTC no more than this
`,
  );
  expect(logText([])).toBe('');
});
