import { describe, expect, it } from 'vitest';
import {
  checkRules,
  compileRules,
  decide,
  PORTS_MAX,
  RULES_MAX,
  type SecurityRule,
} from '../../shared/model/security-rules';

const rule = (change: Partial<SecurityRule> = {}): SecurityRule => ({
  action: 'ACCEPT',
  source: '0.0.0.0/0',
  protocol: 'TCP',
  ports: '5432',
  remark: '',
  ...change,
});

describe('a rule that is accepted', () => {
  it.each([
    '0.0.0.0/0',
    '::/0',
    '10.0.0.1',
    '10.0.0.0/8',
    '255.255.255.255/32',
    '127.66.6.6',
    '128.0.0.0/1',
    '2001:db8::/32',
    '2001:DB8::1',
    'fe80::/10',
    '::1',
    '1::',
    '1:2:3:4:5:6:7:8',
    '::ffff:10.0.0.0/104',
    '64:ff9b::192.0.2.33',
    ' 10.0.0.1 ',
  ])('comes from %s', (source) => expect(checkRules([rule({ source })])).toEqual([]));

  it.each(['ALL', 'all', '1', '65535', '5432,5433', '5432, 5433', '5000-6000', '5432-5432'])(
    'goes to ports %s',
    (ports) => expect(checkRules([rule({ ports })])).toEqual([]),
  );
});

describe('a rule that is refused', () => {
  it.each([
    ['', 'source-missing'],
    ['everyone', 'source-invalid'],
    ['10.0.0', 'source-invalid'],
    ['10.0.0.256', 'source-invalid'],
    ['10.0.0.01', 'source-invalid'],
    ['10.0.0.1/8/8', 'source-invalid'],
    ['sg-12345678', 'source-invalid'],
    ['10.0.0.0/33', 'source-prefix'],
    ['10.0.0.0/', 'source-prefix'],
    ['10.0.0.0/-1', 'source-prefix'],
    ['10.0.0.0/08', 'source-prefix'],
    ['::/129', 'source-prefix'],
    ['::ffff:10.0.0.0/8', 'source-prefix'],
    ['1:2:3:4:5:6:7', 'source-invalid'],
    ['1::2::3', 'source-invalid'],
    ['1:2:3:4:5:6:7::8', 'source-invalid'],
    ['12345::', 'source-invalid'],
    ['10.0.0.1::', 'source-invalid'],
    ['fe80::1%eth0', 'source-invalid'],
    [':', 'source-invalid'],
  ])('has the source %j', (source, key) =>
    expect(checkRules([rule(), rule({ source })])).toMatchObject([{ index: 1, field: 'source', rule: key }]),
  );

  it.each([
    ['10.1.2.3/8', '10.0.0.0/8'],
    ['127.66.6.6/24', '127.66.6.0/24'],
    ['10.0.0.1/0', '0.0.0.0/0'],
    ['2001:db8::1/32', '2001:db8::/32'],
    ['1:2:3:4:5:6:7:8/64', '1:2:3:4::/64'],
    ['::1/0', '::/0'],
  ])('has bits behind its prefix, and the block that is meant is shown: %s', (source, example) => {
    expect(checkRules([rule({ source })])).toMatchObject([{ field: 'source', rule: 'source-host-bits', example }]);
    expect(checkRules([rule({ source: example })])).toEqual([]);
  });

  it.each([
    ['', 'ports-missing'],
    ['5432;5433', 'ports-invalid'],
    ['5432,', 'ports-invalid'],
    ['5432,6000-7000', 'ports-invalid'],
    ['-5', 'ports-invalid'],
    ['0', 'ports-range'],
    ['65536', 'ports-range'],
    ['1-70000', 'ports-range'],
    ['6000-5000', 'ports-order'],
    [Array.from({ length: PORTS_MAX + 1 }, (_, at) => at + 1).join(','), 'ports-too-many'],
  ])('has the ports %j', (ports, key) =>
    expect(checkRules([rule({ ports })])).toMatchObject([{ index: 0, field: 'ports', rule: key, example: '5432' }]),
  );

  it.each(['ICMP', 'ALL'] as const)('has ports with the protocol %s', (protocol) =>
    expect(checkRules([rule({ protocol })])).toMatchObject([
      { field: 'ports', rule: 'ports-all-only', example: 'ALL' },
    ]),
  );

  it('has an unknown word, or too long a remark', () => {
    const wrong = rule({ action: 'ALLOW', protocol: 'SCTP', remark: 'x'.repeat(101) } as unknown as SecurityRule);
    expect(checkRules([wrong]).map(({ rule: key }) => key)).toEqual([
      'action-unknown',
      'protocol-unknown',
      'remark-too-long',
    ]);
  });

  it('is one too many', () => {
    expect(checkRules(Array.from({ length: RULES_MAX }, () => rule()))).toEqual([]);
    expect(checkRules(Array.from({ length: RULES_MAX + 1 }, () => rule()))).toMatchObject([
      { index: RULES_MAX, field: 'rules', rule: 'rules-too-many' },
    ]);
  });
});

describe('a decision', () => {
  it('is to drop what no rule fits', () => {
    expect(decide([], '127.0.0.1', 5432)).toEqual({ action: 'DROP', index: null });
    expect(decide([rule({ source: '10.0.0.0/8' })], '127.0.0.1', 5432)).toEqual({ action: 'DROP', index: null });
    expect(decide([rule()], 'nonsense', 5432)).toEqual({ action: 'DROP', index: null });
  });

  it('is made by the first rule that fits', () => {
    const rules = [
      rule({ action: 'DROP', source: '127.66.6.6' }),
      rule({ source: '127.66.0.0/16' }),
      rule({ action: 'DROP', source: '127.66.7.7' }),
    ];
    expect(decide(rules, '127.66.6.6', 5432)).toEqual({ action: 'DROP', index: 0 });
    expect(decide(rules, '127.66.7.7', 5432)).toEqual({ action: 'ACCEPT', index: 1 });
    expect(decide(rules, '127.67.0.1', 5432)).toEqual({ action: 'DROP', index: null });
  });

  it.each([
    ['5432', 5432, 'ACCEPT'],
    ['5433', 5432, 'DROP'],
    ['5400,5432', 5432, 'ACCEPT'],
    ['5000-6000', 5000, 'ACCEPT'],
    ['5000-6000', 6000, 'ACCEPT'],
    ['5000-6000', 6001, 'DROP'],
    ['ALL', 1, 'ACCEPT'],
  ])('looks at the port: %s for %i', (ports, port, action) =>
    expect(decide([rule({ ports })], '127.0.0.1', port).action).toBe(action),
  );

  it.each([
    ['ALL', 'ACCEPT'],
    ['TCP', 'ACCEPT'],
    ['UDP', 'DROP'],
    ['ICMP', 'DROP'],
  ] as const)('is about TCP only: a rule for %s', (protocol, action) =>
    expect(decide([rule({ protocol, ports: 'ALL' })], '127.0.0.1', 5432).action).toBe(action),
  );

  it.each([
    ['0.0.0.0/0', '::1', 'DROP'],
    ['::/0', '127.0.0.1', 'DROP'],
    ['::/0', '::1', 'ACCEPT'],
    ['10.0.0.0/8', '::ffff:10.1.2.3', 'ACCEPT'],
    ['10.0.0.0/8', '::ffff:a01:203', 'ACCEPT'],
    ['::/0', '::ffff:10.1.2.3', 'DROP'],
    ['::ffff:10.0.0.0/104', '10.1.2.3', 'ACCEPT'],
    ['fe80::/10', 'fe80::1%eth0', 'ACCEPT'],
    ['2001:db8::/33', '2001:db8:7fff::1', 'ACCEPT'],
    ['2001:db8::/33', '2001:db8:8000::1', 'DROP'],
    ['2001:db8::1', '2001:db8:0:0::1', 'ACCEPT'],
    ['128.0.0.0/1', '255.255.255.255', 'ACCEPT'],
    ['128.0.0.0/1', '127.255.255.255', 'DROP'],
  ])('tells families and blocks apart: %s for %s', (source, client, action) =>
    expect(decide([rule({ source })], client, 5432).action).toBe(action),
  );

  it('errs on the safe side when a rule cannot be read', () => {
    expect(decide([rule({ source: 'x' })], '127.0.0.1', 5432)).toEqual({ action: 'DROP', index: null });
    expect(decide([rule({ action: 'DROP', ports: 'x' }), rule()], '127.0.0.1', 5432)).toEqual({
      action: 'DROP',
      index: 0,
    });
  });

  it('is the same by plain arithmetic, for random rules and addresses', () => {
    let seed = 11;
    const random = (below: number): number => ((seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) >>> 8) % below;
    const number = (address: string): bigint => address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
    const address = (): string => `127.${random(2)}.${random(4)}.${random(256)}`;
    for (let round = 0; round < 300; round += 1) {
      const rules = Array.from({ length: 1 + random(6) }, () =>
        rule({ action: random(2) === 0 ? 'DROP' : 'ACCEPT', source: `${address()}/${random(33)}` }),
      );
      const compiled = compileRules(rules);
      const client = address();
      const index = rules.findIndex(({ source }) => {
        const [network = '', prefix = ''] = source.split('/');
        const shift = 32n - BigInt(prefix);
        return number(network) >> shift === number(client) >> shift;
      });
      expect(compiled(client, 5432)).toEqual({
        action: rules[index]?.action ?? 'DROP',
        index: index < 0 ? null : index,
      });
    }
  });
});
