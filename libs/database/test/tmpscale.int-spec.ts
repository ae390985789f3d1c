
import { it, expect } from '@jest/globals';
import { AuditRepository, CancelRepository, LeaderEpoch, ReplayRepository, BatchesRepository, ExplainRepository } from '../src/index.js';
import { TestArchive } from './test-archive.js';
it('scale', async () => {
  const archive = await TestArchive.open();
  const ds = archive.dataSource;
  await archive.draft({ files: 1, stages: 4 });
  const N = 100000;
  await ds.query(`insert into media_files (guid,title,path,kind) select 'g'||n,'t','/p','video' from generate_series(1,${N}) n`);
  const files = Array.from({length:N},(_,i)=>'g'+(i+1));
  const c = await new BatchesRepository(ds).create({name:'x',pipeline:'4 stages',files,createdBy:'t'});
  const id = (c as {id:number}).id;
  await new BatchesRepository(ds).start(id);
  await ds.query("insert into documents (sha256,bytes,encoding,content) values ('d',2,'identity','{}')");
  await ds.query(`insert into stage_runs (run_id,index,state,outcome,generation,root,delivery,rank,settled_at,fingerprint,document)
    select r.id, i, case when i<2 then 'done' else 'failed' end, 'ok', 1, 5,1,2, now(), case when i=2 then 'fp' end, case when i<2 then 'd' end from runs r, generate_series(0,2) i where r.batch_id=$1`,[id]);
  await ds.query("update runs set state='failed', next_index=2, generation=1, root=5 where batch_id=$1",[id]);
  const cmd = {verb:'replay' as const, actor:'kc', request:{}};
  const e = new LeaderEpoch();
  const time = async (what: string, f: ()=>Promise<unknown>) => { const t=Date.now(); const r = await f(); process.stderr.write(what+' '+(Date.now()-t)+' ms '+JSON.stringify(r)?.slice(0,200)+'\n'); };
  await time('audit', async () => (await new AuditRepository(ds,e).audit(id)));
  await time('repair', async () => (await new AuditRepository(ds,e).repair(id,cmd)));
  await time('replay dry', async () => (await new ReplayRepository(ds,e).replay({batch:id,stage:null,fingerprint:null,app:null},cmd,{dryRun:true}))!.again.length);
  await time('replay', async () => (await new ReplayRepository(ds,e).replay({batch:id,stage:null,fingerprint:null,app:null},cmd,{dryRun:false}))!.changes);
  await time('explain', async () => (await new ExplainRepository(ds).run(Number((await ds.query('select max(id) as id from runs'))[0].id))));
  await time('cancel', async () => (await new CancelRepository(ds,e).cancel(id,cmd,{dryRun:false})));
  await time('audit', async () => (await new AuditRepository(ds,e).audit(id)));
  await archive.close();
}, 300000);
