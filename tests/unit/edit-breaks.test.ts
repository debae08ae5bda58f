import { expect, it } from 'vitest';
import { withBreaksOf } from '../../renderer/features/query/edit/cell-kinds';

it.each([
  ['all of Windows', 'a\r\nb\r\nc', 'a\nB\nnew\nc', 'a\r\nB\r\nnew\r\nc'],
  ['mixed, edited in the middle', 'a\r\nb\rc\nd\n', 'a\nb\nC\nd\n', 'a\r\nb\rC\nd\n'],
  ['mixed, a line more', 'a\nb\r\nc\rd', 'a\nb\nnew\nc\nd', 'a\nb\r\nnew\nc\rd'],
  ['mixed, a line less', 'a\r\nb\rc\nd', 'a\nd', 'a\r\nd'],
  ['lone carriage returns', 'a\rb', 'a\nb!', 'a\rb!'],
  ['untouched', 'a\r\r\n\nb\r', 'a\n\n\nb\n', 'a\r\r\n\nb\r'],
  ['plain', 'a\nb', 'a\nb\nc', 'a\nb\nc'],
])('breaks that a field took away come back: %s', (_name, original, edited, expected) => {
  expect(withBreaksOf(original, edited)).toBe(expected);
});
