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

const tagList = z.array(z.object({ TagKey: z.string(), TagValue: z.string() })).nullish();

export const dbInstanceResponse = z.object({
  DBInstanceId: z.string(),
  DBInstanceName: z.string(),
  DBInstanceStatus: z.string(),
  Region: z.string(),
  Zone: z.string(),
  VpcId: z.string().nullish(),
  SubnetId: z.string().nullish(),
  DBInstanceClass: z.string().nullish(),
  /** GB. */
  DBInstanceMemory: z.number(),
  DBInstanceStorage: z.number(),
  DBInstanceCpu: z.number(),
  DBMajorVersion: z.string(),
  DBVersion: z.string(),
  DBKernelVersion: z.string().nullish(),
  DBCharset: z.string(),
  CreateTime: z.string(),
  IsolatedTime: z.string().nullish(),
  ProjectId: z.number().nullish(),
  DeletionProtection: z.boolean().nullish(),
  TagList: tagList,
  DBNodeSet: z.array(z.object({ Role: z.string(), Zone: z.string() })).nullish(),
  DBInstanceNetInfo: z
    .array(
      z.object({
        Address: z.string().nullish(),
        Ip: z.string().nullish(),
        Port: z.number().nullish(),
        NetType: z.string(),
        Status: z.string(),
        VpcId: z.string().nullish(),
        SubnetId: z.string().nullish(),
      }),
    )
    .nullish(),
});
export type DbInstanceResponse = z.output<typeof dbInstanceResponse>;

export const instancesResponse = z.object({ TotalCount: z.number(), DBInstanceSet: z.array(dbInstanceResponse) });
export const instanceIdsResponse = z.object({
  TotalCount: z.number(),
  DBInstanceSet: z.array(z.object({ DBInstanceId: z.string() })),
});
export const instanceCountResponse = z.object({ TotalCount: z.number() });
export const instanceResponse = z.object({ DBInstance: dbInstanceResponse });

export const tasksResponse = z.object({
  TotalCount: z.number(),
  TaskSet: z
    .array(
      z.object({
        TaskId: z.number(),
        TaskType: z.string(),
        DBInstanceId: z.string(),
        StartTime: z.string(),
        EndTime: z.string().nullish(),
        /** `Running`, `Success`, `WaitSwitch`, `Fail`, `Pause`. */
        Status: z.string(),
        Progress: z.number().nullish(),
        TaskDetail: z
          .object({
            CurrentStep: z.string().nullish(),
            AllSteps: z.string().nullish(),
            SwitchTime: z.string().nullish(),
            Message: z.string().nullish(),
          })
          .nullish(),
      }),
    )
    .nullish(),
});

export const haResponse = z.object({
  SyncMode: z.string(),
  MaxStandbyLatency: z.number().nullish(),
  MaxStandbyLag: z.number().nullish(),
  MaxSyncStandbyLatency: z.number().nullish(),
  MaxSyncStandbyLag: z.number().nullish(),
});

export const sslResponse = z.object({
  SSLEnabled: z.boolean().nullish(),
  ConnectAddress: z.string().nullish(),
  CAUrl: z.string().nullish(),
  /** PEM. */
  CACert: z.string().nullish(),
});

export const maintenanceResponse = z.object({
  /** `HH:MM`, with seconds from some. */
  MaintainStartTime: z.string().nullish(),
  MaintainDuration: z.number().nullish(),
  MaintainWeekDays: z.array(z.string()).nullish(),
});

export const priceResponse = z.object({
  /** Hundredths of the currency's unit. */
  OriginalPrice: z.number().nullish(),
  Price: z.number(),
  Currency: z.string().nullish(),
});

export const accountNamesResponse = z.object({
  Details: z
    .array(z.object({ UserName: z.string(), UserType: z.string().nullish(), CreateTime: z.string().nullish() }))
    .nullish(),
});

export const anyResponse = z.object({});
