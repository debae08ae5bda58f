import { z } from 'zod';

/** The parts of the API's answers that the app uses, checked when they arrive: local daemon and cloud alike. */

export const regionsResponse = z.object({
  RegionSet: z.array(z.object({ Region: z.string(), RegionName: z.string(), RegionState: z.string().optional() })),
});

export const zonesResponse = z.object({
  ZoneSet: z.array(z.object({ Zone: z.string(), ZoneName: z.string(), ZoneState: z.string().optional() })),
});

export const versionsResponse = z.object({
  VersionSet: z.array(z.object({ DBVersion: z.string(), DBMajorVersion: z.string(), Status: z.string().optional() })),
});

export const classesResponse = z.object({
  ClassInfoSet: z.array(
    z.object({
      SpecCode: z.string(),
      CPU: z.number(),
      /** MB. */
      Memory: z.number(),
      MinStorage: z.number(),
      MaxStorage: z.number(),
    }),
  ),
});

export const createResponse = z.object({ DBInstanceIdSet: z.array(z.string()) });

export const dbInstanceResponse = z.object({
  DBInstanceId: z.string(),
  DBInstanceName: z.string(),
  DBInstanceStatus: z.string(),
  Region: z.string(),
  Zone: z.string(),
  DBInstanceMemory: z.number(),
  DBInstanceStorage: z.number(),
  DBInstanceCpu: z.number(),
  DBMajorVersion: z.string(),
  DBVersion: z.string(),
  DBCharset: z.string(),
  CreateTime: z.string(),
  ProjectId: z.number().nullish(),
  TagList: z.array(z.object({ TagKey: z.string(), TagValue: z.string() })).nullish(),
  DBInstanceNetInfo: z
    .array(z.object({ Ip: z.string(), Port: z.number(), NetType: z.string(), Status: z.string() }))
    .nullish(),
});
export type DbInstanceResponse = z.output<typeof dbInstanceResponse>;

export const instancesResponse = z.object({ TotalCount: z.number(), DBInstanceSet: z.array(dbInstanceResponse) });

export const machineResponse = z.object({
  Cpus: z.number(),
  MemoryBytes: z.number(),
  DiskFreeBytes: z.number(),
  DaemonVersion: z.string(),
  Pid: z.number(),
  InstalledVersions: z.array(z.object({ DBMajorVersion: z.string(), Installed: z.boolean() })),
  ClassLimits: z.array(z.object({ SpecCode: z.string(), MaxConnections: z.number() })),
});

export const notesResponse = z.object({
  InstanceNoteSet: z.array(
    z.object({
      DBInstanceId: z.string(),
      AdminName: z.string(),
      Problem: z.string(),
      Operation: z.string(),
      Step: z.string(),
    }),
  ),
});

export const proofResponse = z.object({ Proof: z.string() });

export const anyResponse = z.object({});
