import { z } from 'zod';
import type {
  DescribeClassesResponse,
  DescribeDBVersionsResponse,
  DescribeRegionsResponse,
  DescribeZonesResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/postgres/v20170312/postgres_models';
import { RELEASES, serverVersion } from '../cluster/binaries';
import { CLASSES } from '../instances/classes';
import { findRegion, findZone, REGIONS } from '../instances/regions';
import { action, type ActionTable } from './action';
import { ApiError } from './errors';

const storageType = z.enum(['PHYSICAL_LOCAL_SSD', 'CLOUD_PREMIUM', 'CLOUD_SSD', 'CLOUD_HSSD']).optional();

/** The version of our own changes to a server: none, so the first revision for ever. */
export const kernelVersion = (version: string): string => `v${version}_r1.0`;

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
      const wanted = region === '' ? REGIONS : [findRegion(region)].filter((each) => each !== undefined);
      if (wanted.length === 0) throw new ApiError('UnsupportedRegion', `The region ${region} is not known`);
      const zones = wanted.flatMap((each) => each.zones);
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
      if (!findZone(Zone)) throw new ApiError('InvalidParameterValue', `The zone ${Zone} is not known`);
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
};
