import type { Contract } from '../../../shared/contract/index';
import type { CallParsed } from '../../../shared/contract/define';
import { CHARSETS } from '../../../shared/model/instance-rules';
import type { ClassView, InstanceOptions, PriceView } from '../../../shared/model/instance';
import { machineResponse } from '../../adapters/control-plane/own-responses';
import type { Plane } from '../../adapters/control-plane/plane';
import {
  classesResponse,
  priceResponse,
  regionsResponse,
  versionsResponse,
  zonesResponse,
} from '../../adapters/control-plane/responses';

const ENGINE = 'postgresql';
/** Where the public address of an instance is offered. Source: the network page of the console. */
const PUBLIC_REGIONS: ReadonlySet<string> = new Set([
  'ap-guangzhou',
  'ap-shanghai',
  'ap-beijing',
  'ap-chengdu',
  'ap-hongkong',
  'na-siliconvalley',
]);

/** Of what is offered, not what is sold out or being taken away. */
const offered = (state: string | undefined): boolean => state === undefined || state === 'AVAILABLE';

export async function readClasses(plane: Plane, zone: string, major: string, signal: AbortSignal) {
  const body = { Zone: zone, DBEngine: ENGINE, DBMajorVersion: major };
  const { ClassInfoSet } = await plane.call({
    action: 'DescribeClasses',
    body,
    response: classesResponse,
    signal,
  });
  return ClassInfoSet.map((each) => ({
    code: each.SpecCode,
    cpu: each.CPU,
    memoryGb: each.Memory / 1024,
    minStorageGb: each.MinStorage,
    maxStorageGb: each.MaxStorage,
  }));
}

const readMachine = async (plane: Plane, signal: AbortSignal) =>
  (await plane.callOwn?.({ action: 'DescribeMachine', body: {}, response: machineResponse, signal })) ?? null;
type Machine = Awaited<ReturnType<typeof readMachine>>;

/** The public API does not say how many connections a class takes. */
const withConnections = (classes: Awaited<ReturnType<typeof readClasses>>, machine: Machine): ClassView[] =>
  classes.map((each) => ({
    ...each,
    maxConnections: machine?.ClassLimits.find(({ SpecCode }) => SpecCode === each.code)?.MaxConnections ?? 0,
  }));

export async function readClassViews(
  plane: Plane,
  zone: string,
  major: number,
  signal: AbortSignal,
): Promise<ClassView[]> {
  const [classes, machine] = await Promise.all([
    readClasses(plane, zone, String(major), signal),
    readMachine(plane, signal),
  ]);
  return withConnections(classes, machine);
}

/** What can be chosen on the purchase page: of a cloud only its own region, as a request reaches no other. */
export async function readOptions(plane: Plane, signal: AbortSignal): Promise<InstanceOptions> {
  const [{ RegionSet }, { ZoneSet }, { VersionSet }, machine] = await Promise.all([
    plane.call({ action: 'DescribeRegions', body: {}, response: regionsResponse, signal }),
    plane.call({ action: 'DescribeZones', body: {}, response: zonesResponse, signal }),
    plane.call({ action: 'DescribeDBVersions', body: {}, response: versionsResponse, signal }),
    readMachine(plane, signal),
  ]);
  const zones = ZoneSet.filter(({ ZoneState }) => offered(ZoneState));
  const versions = VersionSet.filter(({ Status }) => offered(Status)).toSorted(
    (a, b) => Number(b.DBMajorVersion) - Number(a.DBMajorVersion),
  );
  const classes = await readClasses(plane, zones[0]?.Zone ?? '', versions[0]?.DBMajorVersion ?? '', signal);
  return {
    plane: plane.id,
    regions: RegionSet.filter(({ Region }) => plane.region === '' || Region === plane.region).map(
      ({ Region, RegionName }) => ({
        code: Region,
        name: RegionName,
        publicAddress: PUBLIC_REGIONS.has(Region),
      }),
    ),
    zones: zones.map(({ Zone, ZoneName }) => ({
      code: Zone,
      name: ZoneName,
      // Source: the API's naming, region code and number.
      region: Zone.replace(/-\d+$/, ''),
    })),
    versions: versions.map(({ DBVersion, DBMajorVersion }) => ({
      major: Number(DBMajorVersion),
      version: DBVersion,
      // Nothing is fetched to this machine for an instance of a cloud.
      installed:
        machine?.InstalledVersions.some((each) => each.DBMajorVersion === DBMajorVersion && each.Installed) ?? true,
    })),
    classes: withConnections(classes, machine),
    charsets: CHARSETS,
    machine: machine
      ? { cpus: machine.Cpus, memoryBytes: machine.MemoryBytes, diskFreeBytes: machine.DiskFreeBytes }
      : null,
  };
}

/** Price of an hour of all instances asked for. */
export async function readPrice(
  plane: Plane,
  wanted: Omit<CallParsed<Contract['instances']['calls']['price']>, 'plane'>,
  signal: AbortSignal,
): Promise<PriceView> {
  // The inquiry knows of no standby: a cloud's price includes it, ours is that of one server.
  const servers = plane.callOwn ? wanted.nodes : 1;
  const { Price, Currency } = await plane.call({
    action: 'InquiryPriceCreateDBInstances',
    body: {
      Zone: wanted.zone,
      SpecCode: wanted.classCode,
      Storage: wanted.storageGb,
      InstanceCount: wanted.count * servers,
      Period: 1,
      InstanceChargeType: 'POSTPAID',
      DBEngine: ENGINE,
    },
    response: priceResponse,
    signal,
  });
  return { hourly: Price, currency: Currency ?? '' };
}
