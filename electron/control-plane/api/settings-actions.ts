import { z } from 'zod';
import type {
  DescribeMaintainTimeWindowResponse,
  ModifyDBInstanceDeletionProtectionResponse,
  ModifyDBInstanceNameResponse,
  ModifyDBInstancesProjectResponse,
  ModifyMaintainTimeWindowResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/postgres/v20170312/postgres_models';
import { WEEKDAYS } from '../../../shared/model/instance';
import { checkInstanceName } from '../../../shared/model/instance-rules';
import { action, type ActionTable } from './action';
import { idSet, invalid, mustExist, mustInstance, one } from './common';
import { ApiError, ruleError } from './errors';

const project = (text: string): number => {
  if (!/^\d{1,9}$/.test(text)) {
    throw new ApiError(
      'InvalidParameterValue.IllegalProjectId',
      `ProjectId ${JSON.stringify(text)} is no number of a project`,
    );
  }
  return Number(text);
};

/** `HH:MM`, with seconds if one likes. */
const startOf = (text: string): string => {
  const [, time] = /^((?:[01]\d|2[0-3]):[0-5]\d)(?::[0-5]\d)?$/.exec(text) ?? [];
  if (time === undefined)
    throw invalid(`MaintainStartTime is a time of the day such as 03:00, not ${JSON.stringify(text)}`);
  return time;
};

/** Labels and habits of an instance. They hold at once. */
export const SETTINGS_ACTIONS: ActionTable = {
  ModifyDBInstanceName: action(
    z.strictObject({ DBInstanceId: z.string(), InstanceName: z.string() }),
    async ({ DBInstanceId, InstanceName }, { deps }): Promise<ModifyDBInstanceNameResponse> => {
      const record = mustExist(deps, DBInstanceId, 'another name');
      if (InstanceName === '') throw invalid('InstanceName is empty');
      const broken = checkInstanceName(InstanceName);
      if (broken) throw ruleError(broken);
      await deps.instances.change(record.id, { name: InstanceName });
      return {};
    },
    true,
  ),

  ModifyDBInstancesProject: action(
    z.strictObject({ DBInstanceIdSet: idSet, ProjectId: z.union([z.string(), z.number().int().transform(String)]) }),
    async ({ DBInstanceIdSet, ProjectId }, { deps }): Promise<ModifyDBInstancesProjectResponse> => {
      const projectId = project(ProjectId);
      const ids = [...new Set(DBInstanceIdSet)];
      for (const id of ids) mustExist(deps, id, 'another project');
      for (const id of ids) await deps.instances.change(id, { projectId });
      return { Count: ids.length };
    },
    true,
  ),

  ModifyDBInstanceDeletionProtection: action(
    z.strictObject({ DBInstanceId: z.string(), DeletionProtection: z.boolean() }),
    async ({ DBInstanceId, DeletionProtection }, { deps }): Promise<ModifyDBInstanceDeletionProtectionResponse> => {
      const record = mustExist(deps, DBInstanceId, 'a change of the deletion protection');
      await deps.instances.change(record.id, { deletionProtection: DeletionProtection });
      return {};
    },
    true,
  ),

  DescribeMaintainTimeWindow: action(
    one,
    async ({ DBInstanceId }, { deps }): Promise<DescribeMaintainTimeWindowResponse> => {
      const { id, maintenance } = mustInstance(deps, DBInstanceId);
      return {
        DBInstanceId: id,
        MaintainStartTime: maintenance.start,
        MaintainDuration: maintenance.duration,
        MaintainWeekDays: [...maintenance.weekdays],
      };
    },
  ),

  ModifyMaintainTimeWindow: action(
    z.strictObject({
      DBInstanceId: z.string(),
      MaintainStartTime: z.string().optional(),
      MaintainDuration: z.number().int().min(1).max(4).optional(),
      MaintainWeekDays: z.array(z.string()).min(1).max(7).optional(),
    }),
    async (request, { deps }): Promise<ModifyMaintainTimeWindowResponse> => {
      const { id, maintenance } = mustExist(deps, request.DBInstanceId, 'another maintenance window');
      const { MaintainStartTime: start, MaintainDuration: duration, MaintainWeekDays: days } = request;
      if (start === undefined && duration === undefined && days === undefined) {
        throw new ApiError(
          'InvalidParameter.ParametersNotSet',
          'At least one part of the maintenance window must be given',
        );
      }
      const wanted = days?.map((day) => day.toLowerCase());
      const unknown = wanted?.find((day) => !WEEKDAYS.some((each) => each === day));
      if (unknown !== undefined)
        throw invalid(`MaintainWeekDays holds ${unknown}, which is no day from monday to sunday`);
      await deps.instances.change(id, {
        maintenance: {
          start: start === undefined ? maintenance.start : startOf(start),
          duration: duration ?? maintenance.duration,
          weekdays: wanted ? WEEKDAYS.filter((day) => wanted.includes(day)) : maintenance.weekdays,
        },
      });
      return {};
    },
    true,
  ),
};
