import { describe, expect, it } from 'vitest';
import { PASSWORD } from '../cloud-client';
import type { World } from './world';

/** Accounts and databases. */
export function accounts(world: World): void {
  describe('accounts and databases', () => {
    it('are made, changed and removed', async () => {
      const one = { DBInstanceId: world.single };
      const clerk = { ...one, UserName: 'clerk' };
      await world.postgres.answer('CreateAccount', { ...clerk, Password: PASSWORD, Type: 'normal', Remark: 'till' });
      await world.postgres.answer('ModifyAccountRemark', { ...clerk, Remark: 'counter' });
      await world.postgres.answer('ResetAccountPassword', { ...clerk, Password: `${PASSWORD}-2` });
      await world.postgres.answer('LockAccount', clerk);
      await world.postgres.answer('UnlockAccount', clerk);
      await world.postgres.answer('DescribeAccounts', one);
      await world.postgres.answer('CreateDatabase', { ...one, DatabaseName: 'orders', DatabaseOwner: 'shop' });
      await world.postgres.answer('ModifyDatabaseOwner', { ...one, DatabaseName: 'orders', DatabaseOwner: 'clerk' });
      await world.postgres.answer('DescribeDatabases', one);
      await world.postgres.answer('DescribeDatabaseObjects', { ...one, ObjectType: 'schema', DatabaseName: 'orders' });
      const DatabaseObject = { ObjectType: 'database', ObjectName: 'orders', DatabaseName: 'orders' };
      await world.postgres.answer('DescribeAccountPrivileges', {
        ...clerk,
        DatabaseObjectSet: [{ ObjectType: 'database', ObjectName: 'orders' }],
      });
      await world.postgres.answer('ModifyAccountPrivileges', {
        ...clerk,
        ModifyPrivilegeSet: [
          {
            DatabasePrivilege: { Object: { ObjectType: 'database', ObjectName: 'orders' }, PrivilegeSet: ['CONNECT'] },
            ModifyType: 'grantObject',
            IsCascade: false,
          },
        ],
      });
      expect(DatabaseObject.ObjectType).toBe('database');
      await world.postgres.answer('DeleteDatabase', { ...one, DatabaseName: 'orders' });
      await world.postgres.answer('DeleteAccount', clerk);
    });
  });
}
