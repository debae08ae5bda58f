/** A specification: what an instance of it may take of the machine, and the limits that follow. */
export interface InstanceClass {
  /** As `SpecCode`: `pg.<family>.<size>`. */
  readonly code: string;
  readonly cpu: number;
  readonly memoryGb: number;
  readonly minStorageGb: number;
  readonly maxStorageGb: number;
  readonly maxConnections: number;
}

const row = (code: string, cpu: number, memoryGb: number, maxStorageGb: number, maxConnections: number) => ({
  code,
  cpu,
  memoryGb,
  minStorageGb: 10,
  maxStorageGb,
  maxConnections,
});

/** Smallest first. The first one is for laptops and has no counterpart in the cloud. */
export const CLASSES: readonly InstanceClass[] = [
  row('pg.lt.micro1', 1, 1, 500, 100),
  row('pg.it.small2', 1, 2, 1000, 200),
  row('pg.it.medium4', 2, 4, 2000, 400),
  row('pg.it.medium8', 2, 8, 3000, 800),
  row('pg.it.large8', 4, 8, 3000, 800),
  row('pg.it.large16', 4, 16, 4000, 1600),
  row('pg.it.xlarge32', 8, 32, 6000, 3200),
  row('pg.it.2xlarge64', 16, 64, 6000, 5000),
];

export const findClass = (code: string): InstanceClass | undefined => CLASSES.find((each) => each.code === code);

/**
 * Settings that follow from the class, in the order of postgresql.conf. Memory settings are in MB. Parallel workers follow the CPUs;
 * work_mem leaves room for two sorts in every fourth connection.
 */
export function classSettings(spec: InstanceClass, major: number): readonly (readonly [string, string])[] {
  const memory = spec.memoryGb * 1024;
  const megabytes = (value: number): string => `${Math.max(1, Math.floor(value))}MB`;
  return [
    ['max_connections', String(spec.maxConnections)],
    ['shared_buffers', megabytes(memory / 4)],
    ['effective_cache_size', megabytes((memory * 3) / 4)],
    ['maintenance_work_mem', megabytes(Math.min(memory / 16, 2048))],
    ['work_mem', megabytes(Math.max(4, memory / 2 / spec.maxConnections))],
    ['max_worker_processes', String(Math.max(8, spec.cpu + 6))],
    ['max_parallel_workers', String(spec.cpu)],
    ['max_parallel_workers_per_gather', String(Math.max(0, Math.min(4, Math.floor(spec.cpu / 2))))],
    ...(major >= 11
      ? [['max_parallel_maintenance_workers', String(Math.max(0, Math.min(4, Math.floor(spec.cpu / 2))))] as const]
      : []),
  ];
}
