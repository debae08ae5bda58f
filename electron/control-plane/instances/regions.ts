/**
 * Regions and availability zones. Each region owns one /16 of 127.0.0.0/8, its default VPC; each zone one /24 of it, its default subnet:
 * `127.<number>.<zone>.0/24`. Instances take their private address from the subnet of their zone.
 */
export interface Region {
  readonly code: string;
  /** As the cloud's API gives it. */
  readonly name: string;
  /** The cloud's number of the region. */
  readonly id: number;
  /** Second octet of the private addresses. */
  readonly octet: number;
  /** Whether its instances may have a public address. */
  readonly publicAddress: boolean;
  readonly zones: readonly Zone[];
}

export interface Zone {
  readonly code: string;
  readonly name: string;
  readonly id: number;
  readonly region: string;
  /** Third octet of the private addresses. */
  readonly octet: number;
}

const REGION_FACTS: readonly [code: string, name: string, id: number, octet: number, zones: readonly number[]][] = [
  ['ap-guangzhou', '华南地区(广州)', 1, 41, [3, 4, 6]],
  ['ap-shanghai', '华东地区(上海)', 4, 44, [2, 4, 5]],
  ['ap-beijing', '华北地区(北京)', 8, 48, [3, 5, 6]],
  ['ap-chengdu', '西南地区(成都)', 16, 56, [1, 2]],
  ['ap-hongkong', '港澳台地区(中国香港)', 5, 45, [2, 3]],
  ['na-siliconvalley', '美国西部(硅谷)', 15, 55, [1, 2]],
  ['ap-chongqing', '西南地区(重庆)', 19, 59, [1, 2]],
  ['ap-nanjing', '华东地区(南京)', 33, 73, [1, 2, 3]],
  ['ap-singapore', '亚太东南(新加坡)', 9, 49, [1, 2, 3]],
];

/** As in the cloud. */
const WITH_PUBLIC_ADDRESS: ReadonlySet<string> = new Set([
  'ap-guangzhou',
  'ap-shanghai',
  'ap-beijing',
  'ap-chengdu',
  'ap-hongkong',
  'na-siliconvalley',
]);

const CITY = /\((.+)\)/;
const NUMERALS = ['', '一', '二', '三', '四', '五', '六'];

export const REGIONS: readonly Region[] = REGION_FACTS.map(([code, name, id, octet, zones]) => ({
  code,
  name,
  id,
  octet,
  publicAddress: WITH_PUBLIC_ADDRESS.has(code),
  zones: zones.map((number) => ({
    code: `${code}-${number}`,
    name: `${CITY.exec(name)?.[1] ?? name}${NUMERALS[number] ?? number}区`,
    id: id * 10_000 + number,
    region: code,
    octet: number,
  })),
}));

export const findRegion = (code: string): Region | undefined => REGIONS.find((region) => region.code === code);

export const findZone = (code: string): Zone | undefined =>
  REGIONS.flatMap((region) => region.zones).find((zone) => zone.code === code);

/** Ids of the default network, fixed per region and zone. */
export const defaultVpc = (region: Region): string => `vpc-dflt${String(region.octet).padStart(4, '0')}`;
export const defaultSubnet = (zone: Zone): string => `subnet-${zone.id.toString(36).padStart(8, '0')}`;
