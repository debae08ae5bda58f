import type { CreateInstanceInput } from '../../../shared/contract/instances';
import type { ErrorInfo } from '../../../shared/errors';
import type { InstanceOptions } from '../../../shared/model/instance';
import { checkInstance, type InstanceField, type RuleFailure } from '../../../shared/model/instance-rules';

export type InstanceForm = CreateInstanceInput;
export type InstanceClass = InstanceOptions['classes'][number];

/** The page as it opens: the first of everything, the newest installed version, the smallest specification. */
export function newForm(options: InstanceOptions): InstanceForm {
  const region = options.regions[0]?.code ?? '';
  const version = options.versions.find((each) => each.installed) ?? options.versions[0];
  return {
    name: '',
    region,
    zone: options.zones.find((zone) => zone.region === region)?.code ?? '',
    major: version?.major ?? 0,
    classCode: options.classes[0]?.code ?? '',
    storageGb: options.classes[0]?.minStorageGb ?? 10,
    charset: options.charsets[0] ?? 'UTF8',
    adminUser: '',
    adminPassword: '',
    count: 1,
    tags: [],
  };
}

export const classOf = (form: InstanceForm, options: InstanceOptions): InstanceClass | undefined =>
  options.classes.find((each) => each.code === form.classCode);

/** Another region has other zones. */
export function withRegion(form: InstanceForm, region: string, options: InstanceOptions): InstanceForm {
  const zone = options.zones.find((each) => each.region === region)?.code ?? '';
  return { ...form, region, zone };
}

/** Another specification may allow less or more disk. */
export function withClass(form: InstanceForm, chosen: InstanceClass): InstanceForm {
  const storageGb = Math.max(chosen.minStorageGb, Math.min(chosen.maxStorageGb, form.storageGb));
  return { ...form, classCode: chosen.code, storageGb };
}

/** The first broken rule of each field. */
export function failuresOf(form: InstanceForm, options: InstanceOptions): Partial<Record<InstanceField, RuleFailure>> {
  const chosen = classOf(form, options);
  const storage = { min: chosen?.minStorageGb ?? 10, max: chosen?.maxStorageGb ?? 10 };
  return Object.fromEntries(checkInstance(form, storage).map((failure) => [failure.field, failure]));
}

const FIELDS: readonly InstanceField[] = [
  'name',
  'adminUser',
  'adminPassword',
  'charset',
  'storageGb',
  'count',
  'tags',
  'region',
  'zone',
  'major',
  'classCode',
];

/** The field of the page that an error of the API belongs to, if any. */
export const fieldOf = (error: ErrorInfo): InstanceField | undefined =>
  FIELDS.find((field) => error.field === field || error.field?.startsWith(`${field}.`));
