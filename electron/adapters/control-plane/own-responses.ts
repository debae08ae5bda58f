import { z } from 'zod';
import { DRILLS } from '../../../shared/model/instance';

/** Answers of our own service, which only the local daemon has. Their types are in shared/model/control-plane. */

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
      StepNote: z.string().default(''),
      Progress: z.number().nullable().default(null),
      Nodes: z
        .array(
          z.object({
            NodeId: z.string(),
            Zone: z.string(),
            Role: z.enum(['primary', 'standby']),
            State: z.enum(['ready', 'building', 'lost', 'down']),
            Problem: z.string(),
            Sync: z.string(),
            LagBytes: z.number().nullable(),
            LagSeconds: z.number().nullable(),
          }),
        )
        .default([]),
      DegradedAt: z.number().nullable().default(null),
      Waiting: z.object({ Kind: z.string(), From: z.number(), Until: z.number() }).nullable().default(null),
      DiskUsed: z.number().nullable().default(null),
      InstanceHours: z.number().nullable().default(null),
      GbHours: z.number().nullable().default(null),
      CertificateValidUntil: z.number().nullable().default(null),
    }),
  ),
});
export type InstanceNoteResponse = z.output<typeof notesResponse>['InstanceNoteSet'][number];

export const eventsResponse = z.object({
  EventSet: z.array(
    z.object({ At: z.number(), Level: z.enum(['info', 'warn', 'error']), Kind: z.string(), Text: z.string() }),
  ),
});

export const sessionsResponse = z.object({
  SessionSet: z.array(
    z.object({
      DBInstanceId: z.string(),
      Client: z.string(),
      Since: z.number(),
      BytesIn: z.number(),
      BytesOut: z.number(),
      State: z.enum(['starting', 'waiting', 'open']),
      User: z.string(),
      Database: z.string(),
      Application: z.string(),
      Tls: z.boolean(),
      Address: z.enum(['private', 'public']),
    }),
  ),
});

export const startDrillResponse = z.object({ DrillId: z.string() });

export const startZoneDrillResponse = z.object({
  DrillSet: z.array(z.object({ DBInstanceId: z.string(), DrillId: z.string() })),
});

export const drillsResponse = z.object({
  DrillSet: z.array(
    z.object({
      DrillId: z.string(),
      Scenario: z.enum(DRILLS),
      StartedAt: z.number(),
      EndedAt: z.number().nullable(),
      DetectedMs: z.number().nullable(),
      PromotedMs: z.number().nullable(),
      ServedMs: z.number().nullable(),
      WholeMs: z.number().nullable(),
      Acknowledged: z.number(),
      Lost: z.number(),
      Problem: z.string(),
    }),
  ),
});

export const rateCardResponse = z.object({
  Currency: z.string(),
  CpuHour: z.number(),
  MemoryGbHour: z.number(),
  StorageGbHour: z.number(),
});

export const proofResponse = z.object({ Proof: z.string() });
