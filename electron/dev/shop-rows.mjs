/** The rows of the sample shop: made up by a small generator with a fixed seed, so that every run gives the same. */

/** mulberry32 @param {number} seed */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const FIRST =
  'Ada Ben Chidi Dilnoza Emeka Fatima Grete Hugo Ines Jun Keiko Lars Mei Noor Olga Pedro Quynh Ravi Sofía Tomasz Uma Viktor Wei Xóchitl Yara Zoë'.split(
    ' ',
  );
const LAST =
  'Adebayo Bergström Castillo Dvořák Eriksen Fischer García Hansen Ito Jansen Kowalska Li Müller Nguyễn O’Brien Petrov Quispe Rossi Şahin Tanaka Usman Varga Wang Xu Yılmaz Zhang'.split(
    ' ',
  );
const CITIES = [
  ['Berlin', 'DE', 13.4, 52.5],
  ['Lyon', 'FR', 4.8, 45.8],
  ['Kraków', 'PL', 19.9, 50.1],
  ['深圳', 'CN', 114.1, 22.5],
  ['Lagos', 'NG', 3.4, 6.5],
  ['São Paulo', 'BR', -46.6, -23.6],
  ['İzmir', 'TR', 27.1, 38.4],
  ['京都', 'JP', 135.8, 35],
];
/** @type {readonly (readonly [string, readonly string[]])[]} */
const TREE = [
  ['Kitchen', ['Pots', 'Knives', 'Tea', 'Coffee']],
  ['Garden', ['Seeds', 'Tools', 'Lights']],
  ['Office', ['Paper', 'Pens', 'Lamps', 'Chairs']],
  ['Outdoor', ['Tents', 'Bags', 'Bottles']],
  ['Books', ['Atlases', 'Novels', '诗集']],
  ['Toys', []],
  ['Gifts', []],
];
const ADJECTIVES = 'quiet blue folding heavy little round steel wooden patient northern bright plain'.split(' ');
const NOUNS = 'teapot lantern notebook knife kettle stool backpack bottle atlas ladder clock basket'.split(' ');
const PRAISE = [
  '很好用，推荐！',
  '质量不错',
  'Exactly as described.',
  'Arrived late,\nbut in one piece.',
  'Too small for me\tsadly',
  '五星好评',
  'Back\\slash and "quotes" survive',
  null,
];

const pad = (/** @type {number} */ value, width = 2) => String(value).padStart(width, '0');
const day = (/** @type {number} */ offset) =>
  new Date(Date.UTC(2024, 0, 1) + offset * 86_400_000).toISOString().slice(0, 10);

/** @typedef {{ table: string, columns: string[], rows: (string | number | null)[][] }} Block */

/** @returns {Block[]} */
export function shopRows() {
  const random = generator(20261123);
  const below = (/** @type {number} */ limit) => Math.floor(random() * limit);
  /** @template T @param {readonly T[]} list @returns {T} */
  const pick = (list) => /** @type {T} */ (list[below(list.length)]);
  const hex = (/** @type {number} */ digits) => Array.from({ length: digits }, () => below(16).toString(16)).join('');

  /** @type {Block['rows']} */
  const categories = [];
  for (const [name, children] of TREE) {
    const parent = categories.length + 1;
    categories.push([parent, null, name, `{${name}}`, parent]);
    for (const child of children)
      categories.push([categories.length + 1, parent, child, `{${name},${child}}`, below(9)]);
  }
  const count = 24;
  const leaves = categories.map((row) => row[0] ?? null).slice(0, count);

  /** @type {Block['rows']} */
  const customers = [];
  /** @type {Block['rows']} */
  const addresses = [];
  for (let id = 1; id <= 600; id++) {
    const [first, last] = [pick(FIRST), pick(LAST)];
    const created = day(below(700));
    customers.push([
      id,
      `${first}.${last}.${id}@example.org`
        .normalize('NFD')
        .replaceAll(/[^\w.@]/g, '')
        .toLowerCase(),
      `${first} ${last}`,
      below(4) === 0 ? `${last} & ${pick(LAST)}` : null,
      below(5) === 0 ? null : `${1950 + below(55)}-${pad(1 + below(12))}-${pad(1 + below(28))}`,
      below(6) === 0 ? `DE${100000000 + below(899999999)}` : null,
      random() < 0.4 ? 't' : 'f',
      JSON.stringify({ language: pick(['en', 'de', 'zh', 'tr']), theme: pick(['light', 'dark']), limit: below(500) }),
      below(3) === 0 ? '{}' : `{+49${pad(below(1e9), 9)}}`,
      below(3) === 0 ? null : `192.0.2.${below(256)}`,
      `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`,
      `${created} ${pad(below(24))}:${pad(below(60))}:00+00`,
      `${created} 23:59:59.123456+00`,
    ]);
    for (const kind of below(4) === 0 ? ['delivery', 'invoice'] : ['delivery']) {
      const [city = '', country = '', x, y] = pick(CITIES);
      addresses.push([
        id,
        kind,
        `${pick(NOUNS)} road ${1 + below(200)}`,
        pad(below(99999), 5),
        city,
        country,
        `(${(Number(x) + random() / 10).toFixed(4)},${(Number(y) + random() / 10).toFixed(4)})`,
      ]);
    }
  }

  /** @type {Block['rows']} */
  const products = [];
  /** @type {Block['rows']} */
  const prices = [];
  /** @type {Block['rows']} */
  const stock = [];
  for (let id = 1; id <= 240; id++) {
    const words = [pick(ADJECTIVES), pick(NOUNS)];
    const price = (2 + random() * 180).toFixed(2);
    products.push([
      id,
      pick(leaves),
      `${words.map((word) => word.slice(0, 2).toUpperCase()).join('')}-${pad(id, 4)}`,
      words.join(' '),
      below(5) === 0 ? null : `A ${words.join(' ')} for everyday use. Made to last.`,
      price,
      `(${(Number(price) * 0.6).toFixed(2)},EUR)`,
      pick(['19.00', '7.00', '0.00']),
      below(4) === 0 ? null : (random() * 20).toFixed(3),
      `{${[pick(['new', 'sale', 'classic']), pick(['gift', 'local'])].join(',')}}`,
      below(3) === 0
        ? null
        : JSON.stringify({ colour: words[0], sizes: [1, 2, 3].slice(below(3)), nested: { ok: true, none: null } }),
      below(6) === 0 ? `\\x${hex(64)}` : null,
      below(8) === 0 ? `[${-below(20)},${2 + below(10)})` : null,
      [...new Set(words)].map((word, index) => `'${word}':${index + 1}`).join(' '),
      below(12) === 0 ? 't' : 'f',
      `${day(below(900))} 08:30:00+00`,
    ]);
    prices.push([id, '[2024-01-01,2025-01-01)', (Number(price) * 0.9).toFixed(2)], [id, '[2025-01-01,)', price]);
    stock.push([
      id,
      `R${pad(1 + below(20))}-${pad(id, 3)}`,
      below(400),
      below(5) === 0 ? null : `${day(900 + below(60))} 06:00:00`,
    ]);
  }

  /** @type {Block['rows']} */
  const orders = [];
  /** @type {Block['rows']} */
  const items = [];
  for (let id = 1; id <= 1500; id++) {
    const state = pick(['cart', 'placed', 'paid', 'paid', 'sent', 'sent', 'sent', 'returned', 'cancelled']);
    const placed =
      state === 'cart' ? null : `${day(below(1000))} ${pad(below(24))}:${pad(below(60))}:${pad(below(60))}+00`;
    const from = 8 + below(8);
    orders.push([
      id,
      1 + below(600),
      'delivery',
      state,
      placed,
      placed === null || below(3) > 0
        ? null
        : `["${placed.slice(0, 10)} ${pad(from)}:00:00+00","${placed.slice(0, 10)} ${pad(from + 4)}:00:00+00")`,
      below(9) === 0 ? pick(['Leave it with the neighbours', '请放门口', 'Ring twice']) : null,
      placed === null ? null : 100000 + id,
    ]);
    for (let line = 1; line <= 1 + below(4); line++)
      items.push([
        id,
        line,
        1 + below(240),
        1 + below(5),
        (2 + random() * 180).toFixed(2),
        pick(['0.00', '0.00', '5.00', '12.50']),
      ]);
  }

  const reviews = Array.from({ length: 500 }, (_, index) => [
    index + 1,
    1 + below(240),
    1 + below(600),
    1 + below(5),
    pick(PRAISE),
    day(below(1000)),
  ]);
  /** @type {Record<2024 | 2025 | 2026, (string | number | null)[][]>} */
  const movements = { 2024: [], 2025: [], 2026: [] };
  for (let id = 1; id <= 1200; id++) {
    const year = /** @type {2024 | 2025 | 2026} */ (2024 + below(3));
    const row = [
      id,
      1 + below(240),
      below(60) - 20,
      pick(['delivery', 'order', 'count', '退货']),
      `${year}-${pad(1 + below(year === 2026 ? 10 : 12))}-${pad(1 + below(28))}`,
    ];
    movements[year].push(row);
  }

  const movement = ['id', 'product_id', 'quantity', 'reason', 'moved_on'];
  return [
    { table: 'shop.categories', columns: ['id', 'parent_id', 'name', 'path', 'sort'], rows: categories },
    {
      table: 'shop.customers',
      columns: [
        'id',
        'email',
        'name',
        'company',
        'birthday',
        'vat_id',
        'newsletter',
        'preferences',
        'phones',
        'last_address',
        'token',
        'created_at',
        'updated_at',
      ],
      rows: customers,
    },
    {
      table: 'shop.addresses',
      columns: ['customer_id', 'kind', 'street', 'postcode', 'city', 'country', 'place'],
      rows: addresses,
    },
    {
      table: 'shop.products',
      columns: [
        'id',
        'category_id',
        'code',
        'name',
        'description',
        'price',
        'cost',
        'tax',
        'weight',
        'tags',
        'attributes',
        'photo',
        'storage',
        'search',
        'discontinued',
        'updated_at',
      ],
      rows: products,
    },
    {
      table: 'shop.orders',
      columns: ['id', 'customer_id', 'address_kind', 'state', 'placed_at', 'delivery_time', 'note', 'invoice_number'],
      rows: orders,
    },
    {
      table: 'shop.order_items',
      columns: ['order_id', 'line', 'product_id', 'quantity', 'price', 'discount'],
      rows: items,
    },
    { table: 'shop.prices', columns: ['product_id', 'valid', 'price'], rows: prices },
    { table: 'shop."商品评价"', columns: ['"编号"', '"商品"', '"顾客"', '"评分"', '"内容"', '"日期"'], rows: reviews },
    { table: 'warehouse.stock', columns: ['product_id', 'shelf', 'quantity', 'counted_at'], rows: stock },
    ...[2024, 2025, 2026].map((year) => ({
      table: `warehouse.movements_${year}`,
      columns: movement,
      rows: movements[/** @type {2024 | 2025 | 2026} */ (year)],
    })),
    { table: 'warehouse.scans', columns: ['at', 'code', 'raw'], rows: [] },
  ];
}
