import { expect, it } from 'vitest';
import { createEarlyOutput } from '../../renderer/features/terminal/early-output';

it('keeps what terminals print only while one of them starts', () => {
  const early = createEarlyOutput();
  early.hear({ terminalId: 'other', data: 'before' });
  early.begin();
  early.hear({ terminalId: 'other', data: 'a' });
  early.hear({ terminalId: 'own', data: 'b' });
  early.hear({ terminalId: 'own', data: 'c' });
  expect(early.end('own')).toEqual(['b', 'c']);
  early.hear({ terminalId: 'own', data: 'after' });
  expect(early.end('own')).toEqual([]);
});
