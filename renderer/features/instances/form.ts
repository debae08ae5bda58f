import type { CreateInstanceInput } from '../../../shared/contract/instances';
import type { ErrorInfo } from '../../../shared/errors';
import type { InstanceOptions } from '../../../shared/model/instance';
import { checkInstance, type InstanceField, type RuleFailure } from '../../../shared/model/instance-rules';
import type { SubnetView, VpcView } from '../../../shared/model/network';

export type InstanceForm = CreateInstanceInput;
export type InstanceClass = InstanceOptions['classes'][number];

/** The page as it opens: the first of everything, a standby in another zone, the newest installed version, the smallest specification. */
export function newForm(options: InstanceOptions): InstanceForm {
  const version = options.versions.find((each) => each.installed) ?? options.versions[0];
  return withRegion(
    {
      plane: options.plane,
      name: '',
      region: '',
      zone: '',
      standbyZone: '',
      major: version?.major ?? 0,
      classCode: options.classes[0]?.code ?? '',
      storageGb: options.classes[0]?.minStorageGb ?? 10,
      charset: options.charsets[0] ?? 'UTF8',
      adminUser: '',
      adminPassword: '',
      count: 1,
      tags: [],
      syncMode: 'Semi-sync',
      vpcId: '',
      subnetId: '',
      securityGroupIds: [],
      projectId: 0,
      deletionProtection: false,
    },
    options.regions[0]?.code ?? '',
    options,
  );
}

export const classOf = (form: InstanceForm, options: InstanceOptions): InstanceClass | undefined =>
  options.classes.find((each) => each.code === form.classCode);

export const zonesOf = (region: string, options: InstanceOptions): InstanceOptions['zones'] =>
  options.zones.filter((each) => each.region === region);

/** A zone for the standby: another than the primary's where there is one. */
const otherZone = (zone: string, zones: InstanceOptions['zones']): string =>
  zones.find(({ code }) => code !== zone)?.code ?? zone;

const otherThan = (standby: string | null, zone: string, region: string, options: InstanceOptions): string =>
  standby === null || standby === zone ? otherZone(zone, zonesOf(region, options)) : standby;

/** Another region has other zones, networks and security groups. */
export function withRegion(form: InstanceForm, region: string, options: InstanceOptions): InstanceForm {
  const zones = zonesOf(region, options);
  const zone = zones[0]?.code ?? '';
  const standbyZone = form.standbyZone === null ? null : otherZone(zone, zones);
  return { ...form, region, zone, standbyZone, vpcId: '', subnetId: '', securityGroupIds: [] };
}

/** The primary's zone; the standby stays in the same zone or in another one, as it was chosen. */
export function withZone(form: InstanceForm, zone: string, options: InstanceOptions): InstanceForm {
  const kept = form.standbyZone === form.zone ? zone : otherThan(form.standbyZone, zone, form.region, options);
  const standbyZone = form.standbyZone === null ? null : kept;
  return { ...form, zone, standbyZone, subnetId: '' };
}

/** How the servers stand: one alone, two in one zone, two in different zones. */
export type Deployment = 'single' | 'one-zone' | 'two-zones';

export const deploymentOf = ({ zone, standbyZone }: Pick<InstanceForm, 'zone' | 'standbyZone'>): Deployment =>
  standbyZone === null ? 'single' : standbyZone === zone ? 'one-zone' : 'two-zones';

export function withDeployment(form: InstanceForm, deployment: Deployment, options: InstanceOptions): InstanceForm {
  const standbyZone = {
    single: null,
    'one-zone': form.zone,
    'two-zones': otherZone(form.zone, zonesOf(form.region, options)),
  }[deployment];
  return { ...form, standbyZone };
}

/** Another specification may allow less or more disk. */
export function withClass(form: InstanceForm, chosen: InstanceClass): InstanceForm {
  const storageGb = Math.max(chosen.minStorageGb, Math.min(chosen.maxStorageGb, form.storageGb));
  return { ...form, classCode: chosen.code, storageGb };
}

/** Half of the disk is free of charge for backups. */
export const freeBackupGb = (storageGb: number): number => storageGb / 2;

/** The network that an empty choice stands for: the default one of the region, and in it the subnet of the primary's zone. */
export function networkOf(
  form: Pick<InstanceForm, 'region' | 'zone' | 'vpcId' | 'subnetId'>,
  vpcs: readonly VpcView[],
): { readonly vpc: VpcView | undefined; readonly subnet: SubnetView | undefined } {
  const here = vpcs.filter(({ region }) => region === form.region);
  const vpc = here.find(({ id }) => id === form.vpcId) ?? here.find(({ isDefault }) => isDefault) ?? here[0];
  const subnets = vpc?.subnets.filter(({ zone }) => zone === form.zone) ?? [];
  const subnet =
    subnets.find(({ id }) => id === form.subnetId) ?? subnets.find(({ isDefault }) => isDefault) ?? subnets[0];
  return { vpc, subnet };
}

/** What the page has fields for beside those that have rules. */
export type FormField =
  | InstanceField
  | 'standbyZone'
  | 'vpcId'
  | 'subnetId'
  | 'securityGroupIds'
  | 'projectId'
  | 'syncMode';

/** The first broken rule of each field. */
export function failuresOf(form: InstanceForm, options: InstanceOptions): Partial<Record<FormField, RuleFailure>> {
  const chosen = classOf(form, options);
  const storage = { min: chosen?.minStorageGb ?? 10, max: chosen?.maxStorageGb ?? 10 };
  return Object.fromEntries(checkInstance(form, storage).map((failure) => [failure.field, failure]));
}

const FIELDS: readonly FormField[] = [
  'name',
  'adminUser',
  'adminPassword',
  'charset',
  'storageGb',
  'count',
  'tags',
  'region',
  'zone',
  'standbyZone',
  'vpcId',
  'subnetId',
  'securityGroupIds',
  'projectId',
  'syncMode',
  'major',
  'classCode',
];

/** The field of the page that an error of the API belongs to, if any. */
export const fieldOf = (error: ErrorInfo): FormField | undefined =>
  FIELDS.find((field) => error.field === field || error.field?.startsWith(`${field}.`));
