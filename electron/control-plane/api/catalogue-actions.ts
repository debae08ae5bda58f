import { z } from 'zod';
import type {
  DescribeClassesResponse,
  DescribeDBVersionsResponse,
  DescribeProductConfigResponse,
  DescribeRegionsResponse,
  DescribeZonesResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/postgres/v20170312/postgres_models';
import { RELEASES, serverVersion } from '../cluster/binaries';
import { CLASSES } from '../instances/classes';
import { findRegion, findZone, REGIONS, type Region } from '../instances/regions';
import { action, type ActionTable } from './action';
import { storageType } from './common';
import { ApiError } from './errors';

/** The version of our own changes to a server: none, so the first revision for ever. */
export const kernelVersion = (version: string): string => `v${version}_r1.0`;

export const engine = z.enum(['postgresql', 'mssql_compatible']);

/** The region of the request; all of them when it names none. */
function regionsOf(code: string): readonly Region[] {
  const found = findRegion(code);
  return found ? [found] : REGIONS;
}

const unknownZone = (zone: string): ApiError =>
  new ApiError('InvalidParameterValue.IllegalZone', `The zone ${zone} is not known`);

/** What is sold: every class with every version. */
const specItems = () =>
  RELEASES.flatMap((release) => {
    const version = serverVersion(release);
    return CLASSES.map((each) => ({
      SpecCode: each.code,
      Version: version,
      VersionName: `PostgreSQL ${version}`,
      Cpu: each.cpu,
      Memory: each.memoryGb * 1024,
      MaxStorage: each.maxStorageGb,
      MinStorage: each.minStorageGb,
      MajorVersion: String(release.major),
      KernelVersion: kernelVersion(version),
      IsSupportTDE: 0,
    }));
  });

/** Regions, zones, versions and classes: fixed tables. */
export const CATALOGUE_ACTIONS: ActionTable = {
  DescribeRegions: action<z.ZodObject, DescribeRegionsResponse>(z.strictObject({}), async () => ({
    TotalCount: REGIONS.length,
    RegionSet: REGIONS.map((region) => ({
      Region: region.code,
      RegionName: region.name,
      RegionId: region.id,
      RegionState: 'AVAILABLE',
      SupportInternational: 1,
    })),
  })),

  DescribeZones: action(
    z.strictObject({ StorageType: storageType }),
    async (_, { region }): Promise<DescribeZonesResponse> => {
      const zones = regionsOf(region).flatMap((each) => each.zones);
      return {
        TotalCount: zones.length,
        ZoneSet: zones.map((zone) => ({
          Zone: zone.code,
          ZoneName: zone.name,
          ZoneId: zone.id,
          ZoneState: 'AVAILABLE',
          ZoneSupportIpv6: 0,
          StandbyZoneSet: (findRegion(zone.region)?.zones ?? []).map((each) => each.code),
        })),
      };
    },
  ),

  DescribeDBVersions: action(
    z.strictObject({ StorageType: storageType }),
    async (): Promise<DescribeDBVersionsResponse> => ({
      VersionSet: RELEASES.map((release) => ({
        DBEngine: 'postgresql',
        DBVersion: serverVersion(release),
        DBMajorVersion: String(release.major),
        DBKernelVersion: kernelVersion(serverVersion(release)),
        SupportedFeatureNames: [],
        Status: 'AVAILABLE',
        AvailableUpgradeTarget: [],
      })),
    }),
  ),

  DescribeClasses: action(
    z.strictObject({
      Zone: z.string(),
      DBEngine: z.string(),
      DBMajorVersion: z.string(),
      StorageType: storageType,
    }),
    async ({ Zone, DBEngine, DBMajorVersion }): Promise<DescribeClassesResponse> => {
      if (!findZone(Zone)) throw unknownZone(Zone);
      const known = RELEASES.some((release) => String(release.major) === DBMajorVersion);
      if (DBEngine !== 'postgresql' || !known) return { ClassInfoSet: [] };
      return {
        ClassInfoSet: CLASSES.map((each) => ({
          SpecCode: each.code,
          CPU: each.cpu,
          Memory: each.memoryGb * 1024,
          MaxStorage: each.maxStorageGb,
          MinStorage: each.minStorageGb,
        })),
      };
    },
  ),

  DescribeProductConfig: action(
    z.strictObject({ Zone: z.string().optional(), DBEngine: engine.optional(), StorageType: storageType }),
    async ({ Zone, DBEngine = 'postgresql' }, { region }): Promise<DescribeProductConfigResponse> => {
      const zones = regionsOf(region).flatMap((each) => each.zones);
      const wanted = Zone === undefined ? zones : zones.filter(({ code }) => code === Zone);
      if (Zone !== undefined && wanted.length === 0) throw unknownZone(Zone);
      return {
        SpecInfoList:
          DBEngine === 'postgresql'
            ? wanted.map((zone) => ({
                Region: zone.region,
                Zone: zone.code,
                SpecItemInfoList: specItems(),
                SupportKMSRegions: [],
              }))
            : [],
      };
    },
  ),
};
