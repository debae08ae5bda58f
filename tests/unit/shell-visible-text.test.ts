import { describe, expect, it } from 'vitest';
import { visibleText } from '../../renderer/ui/visible-text';

describe('a name on one line', () => {
  it('keeps its line', () => {
    expect(visibleText('a\nb\tc')).toBe('a␊b␉c');
  });

  it('does not steer a terminal', () => {
    expect(visibleText('\u001b[31mred\u0007\u007f\u0085')).toBe('␛[31mred␇␡⟨U+0085⟩');
  });

  it('reads in the order in which it is written', () => {
    expect(visibleText('safe\u202Eelbat\u2066')).toBe('safe⟨U+202E⟩elbat⟨U+2066⟩');
  });

  it('hides nothing', () => {
    expect(visibleText('order\u200Bs\uFEFF')).toBe('order⟨U+200B⟩s⟨U+FEFF⟩');
  });

  it('stays as it is where nothing steers', () => {
    expect(visibleText('客户 "orders" é 👍 <b>')).toBe('客户 "orders" é 👍 <b>');
  });
});
