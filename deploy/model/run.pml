/*
 * The life of one pipeline run: two stages, two workers, one leader, and an environment that causes at most FAULTS faults.
 *
 * The model keeps what the rules depend on (lineages, the place of each message, the order of the log, what Postgres has
 * recorded) and leaves out what they do not depend on (contents of documents, retries, other runs). Time is implicit: a
 * process suspended for longer than the ack wait is `frozen`, and the number of a message is its time stamp.
 *
 * Proved over all interleavings:
 *   - a lineage has one settlement, and the next stage's message carries the output of that settlement;
 *   - no app is called after a settlement of the same or a newer lineage was visible to the caller;
 *   - the run ends: the system comes to rest only when the run is done and nothing is in flight, and it comes to rest.
 *
 * One window is known and left out: a worker that has looked at the log, and has not committed while the log is lost and
 * created again, may commit a second settlement of a lineage whose first one was lost with the old log. The worker looks
 * again after an interruption, right before the commit, so this needs a suspended process, another worker and a deleted
 * log within the milliseconds between two steps; `isOutside` marks and ends such a life, and this second look is left out.
 *
 * Each -DBREAK_… removes one rule. `npm run model` expects the search to find an error for each of them:
 *   BREAK_ORDER    the next stage is published before the commit
 *   BREAK_STALE    a suspended worker calls without checking again
 *   BREAK_REPEAT   deliveries of a recreated consumer count as first deliveries
 *   BREAK_FLOOR    the recorder continues at the consumer's floor, whatever Postgres has lost
 *   BREAK_SWEEP    the sweeper compares generations instead of lineages
 */

#ifndef FAULTS
#define FAULTS 2
#endif
#define STAGES 2
#define WORKERS 2
#define MESSAGES 7
#define NOWHERE 255
#define DEAD 9

/*
 * The worker's steps, in order; model.spec.ts compares this list with STAGE_STEPS of the worker. A worker takes each in
 * one atomic block below, except answered and packed, which change nothing outside of the worker: a kill there equals a
 * kill after announced.
 */
mtype:step = { received, checked, announced, answered, packed, committed, next_published, acknowledged };

/* Place of a stage message. */
#define LOST 0
#define WAITING 1
#define DELIVERED 2
#define ACKED 3

/* Kinds of a settlement. */
#define DONE 1
#define PARKED 2

/* States of the run in Postgres. */
#define RUN_WAITING 0
#define RUN_RUNNING 1
#define RUN_DONE 2

/* Stream STAGES. The root of a new lineage is its first message's number + 1. */
typedef Message {
  byte stage;
  byte generation;
  byte root;
  byte place;
  byte holder;
  byte input;       /* the output of the previous stage that it carries */
  bit raw;          /* replayed by an operator, without a lineage header */
  bit suspicious;   /* redelivered, or published late (header Chowda-Decided) */
  bit noDocument    /* the object behind its claim check is gone */
};
Message message[MESSAGES];
byte messages = 0;
byte stagesCreated = 0;     /* lineages up to this root began in an earlier stream */
/* Newest message of each stage that the stream holds; there is never one behind the last stage. */
byte newestMessage[3] = NOWHERE;

/* Stream EVENTS: its settlements in order; those below `eventsBegin` were lost with an earlier stream. */
typedef Event {
  byte stage;
  byte generation;
  byte root;
  byte kind;
  byte output
};
Event event[MESSAGES];
byte events = 0;
byte eventsBegin = 0;
byte eventsCreated = 0;      /* messages below this number are older than the log */
byte newestSettled[STAGES] = NOWHERE;
byte startedGeneration[STAGES];
byte startedRoot[STAGES];

/* Ghost: the first settlement of the newest lineage that was ever settled, by stage. */
byte firstGeneration[STAGES];
byte firstRoot[STAGES];
byte firstOutput[STAGES];

/* Postgres: the run, the archived outputs, and the recorder's cursor. */
typedef Database {
  byte state;
  byte generation;
  byte root;
  byte next;
  bit archived[STAGES];
  byte cursor
};
Database database;
Database previous;

/* The leader: the consumer's ack floor, the recorder's position, and the last event that existed when it began. */
byte floor = 0;
byte position = 0;
byte gate = 0;

/* Workers. */
bit frozen[WORKERS];
bit killed[WORKERS];
bit late[WORKERS];             /* suspended since its last check */
byte holds[WORKERS];           /* generation that its heartbeat lists, 0 for none */
byte faults = 0;
byte seenLog[WORKERS];         /* eventsCreated when the worker last looked at the log */
bit isOutside = 0;             /* the known window was met: this life is not examined further */
/* The workers are symmetric: the first that fails is worker 0. */
bit firstFault = 0;

#define isWaitingOf(i, s) (isWaiting(i) && message[i].stage == s)
#define anyWaitingOf(s) (isWaitingOf(0, s) || isWaitingOf(1, s) || isWaitingOf(2, s) || isWaitingOf(3, s) || isWaitingOf(4, s) || isWaitingOf(5, s) || isWaitingOf(6, s))
#define newer(g1, r1, g2, r2) (g1 > g2 || (g1 == g2 && r1 > r2))
#define same(g1, r1, g2, r2) (g1 == g2 && r1 == r2)
#define mayFail (faults < FAULTS)
#define isWaiting(i) (i < messages && message[i].place == WAITING)
#define anyWaiting (isWaiting(0) || isWaiting(1) || isWaiting(2) || isWaiting(3) || isWaiting(4) || isWaiting(5) || isWaiting(6))
/* Delivered to a worker that does not confirm it. */
#define isForgotten(i) (message[i].place == DELIVERED && (message[i].holder == DEAD || (message[i].holder < WORKERS && frozen[message[i].holder])))
#define isHeld(g) ((holds[0] == g && !frozen[0]) || (holds[1] == g && !frozen[1]))

inline publishMessage(ofStage, theGeneration, theRoot, theInput, isRaw, isSuspicious) {
  assert(messages < MESSAGES);
  message[messages].stage = ofStage;
  message[messages].generation = theGeneration;
  message[messages].root = (theRoot == 0 -> messages + 1 : theRoot);
  message[messages].place = WAITING;
  message[messages].holder = NOWHERE;
  message[messages].input = theInput;
  message[messages].raw = isRaw;
#ifdef BREAK_REPEAT
  message[messages].suspicious = isSuspicious;
#else
  /* Consumers of a recreated stream begin again at sequence 1, which makes workers look at what they deliver. */
  message[messages].suspicious = isSuspicious || (theRoot != 0 && theRoot <= stagesCreated);
#endif
  newestMessage[ofStage] = messages;
  printf("    message %d: stage %d, lineage %d.%d\n", messages, ofStage, theGeneration, message[messages].root);
  messages++
}

/* The commit rule. `theEntry` becomes the settlement that counts for this lineage, NOWHERE when a newer one is settled. */
inline commitSettlement(ofStage, theGeneration, theRoot, ofKind, theOutput, theEntry) {
  theEntry = newestSettled[ofStage];
  if
  :: _pid < WORKERS && seenLog[_pid] != eventsCreated && theEntry == NOWHERE && ofKind == DONE &&
     !newer(theGeneration, theRoot, firstGeneration[ofStage], firstRoot[ofStage]) ->
    isOutside = 1; printf("worker %d: outside of the model\n", _pid)
  :: else
  fi;
  if
  :: isOutside -> theEntry = NOWHERE
  :: !isOutside && theEntry != NOWHERE && same(event[theEntry].generation, event[theEntry].root, theGeneration, theRoot) -> skip
  :: !isOutside && theEntry != NOWHERE && newer(event[theEntry].generation, event[theEntry].root, theGeneration, theRoot) -> theEntry = NOWHERE
  :: else ->
    assert(events < MESSAGES);
    event[events].stage = ofStage;
    event[events].generation = theGeneration;
    event[events].root = theRoot;
    event[events].kind = ofKind;
    event[events].output = theOutput;
    theEntry = events;
    newestSettled[ofStage] = theEntry;
    /* A next stage of this lineage that was published already carries this output. */
    assert(!(ofKind == DONE && newestMessage[ofStage + 1] != NOWHERE &&
      same(message[newestMessage[ofStage + 1]].generation, message[newestMessage[ofStage + 1]].root, theGeneration, theRoot) &&
      message[newestMessage[ofStage + 1]].input != theOutput));
    printf("    event %d: stage %d settled %d (1 done, 2 parked), lineage %d.%d\n", events, ofStage, ofKind, theGeneration, theRoot) ;
    events++;
    if
    :: newer(theGeneration, theRoot, firstGeneration[ofStage], firstRoot[ofStage]) ->
      firstGeneration[ofStage] = theGeneration; firstRoot[ofStage] = theRoot; firstOutput[ofStage] = theOutput
    :: else
    fi
  fi
}

/* Publishes the next stage's message of a lineage, unless one of it or of a newer lineage is there. */
inline publishChild(ofStage, theGeneration, theRoot, theInput, isSuspicious) {
  if
  :: newestMessage[ofStage] == NOWHERE ||
     newer(theGeneration, theRoot, message[newestMessage[ofStage]].generation, message[newestMessage[ofStage]].root) ->
    /* It carries the output of the settlement of its lineage. */
    assert(!(same(firstGeneration[ofStage - 1], firstRoot[ofStage - 1], theGeneration, theRoot) && firstOutput[ofStage - 1] != theInput));
    publishMessage(ofStage, theGeneration, theRoot, theInput, 0, isSuspicious)
  :: else
  fi;
}

#define CALL 1
#define FINISH 2
#define IGNORE 3
#define PARK 4
#define RETURN 5

#define stage_ message[m].stage
#define settled_ newestSettled[stage_]
#define child_ newestMessage[stage_ + 1]
/* Remembers which settlement of the stage is visible now. */
inline see() {
  if
  :: settled_ != NOWHERE -> seenGeneration = event[settled_].generation; seenRoot = event[settled_].root
  :: else -> seenGeneration = 0; seenRoot = 0
  fi
}
#define mayRun (!frozen[w] && !killed[w] && !isOutside)

active [WORKERS] proctype Worker() {
  byte m = 0;                  /* the message in hand */
  byte generation = 0;
  byte root = 0;
  byte act = 0;
  byte entry = 0;
  byte output = 0;
  bit looks = 0;
  bit called = 0;
  byte seenGeneration = 0;     /* settlement that was visible when it decided */
  byte seenRoot = 0;
#define w (_pid)
#ifdef BREAK_STALE
#define retry_ false
#else
#define retry_ late[w]
#endif

end:
  do
  :: atomic {
      /* received */
      mayRun && anyWaiting;
      /* Each app has its own consumer, which delivers in order. */
      if
      :: anyWaitingOf(0) -> seenGeneration = 0
      :: anyWaitingOf(1) -> seenGeneration = 1
      fi;
      do
      :: isWaiting(m) && stage_ == seenGeneration -> break
      :: else -> m++
      od;
      seenGeneration = 0;
      seenLog[w] = eventsCreated;
      message[m].place = DELIVERED;
      message[m].holder = w;
      generation = message[m].generation;
      root = message[m].root;
      holds[w] = generation;
      late[w] = 0;
      looks = message[m].suspicious || message[m].raw;
      printf("worker %d: received message %d\n", w, m);
      see()
    };
    act = CALL;
    do
    :: if
      :: looks ->
        atomic {
        /* checked: read the streams when this may not be the first delivery, or the process was suspended since it decided */
          mayRun ->
          if
          :: message[m].raw && settled_ != NOWHERE && generation < event[settled_].generation ->
            generation = event[settled_].generation
          :: else
          fi;
          if
          :: settled_ != NOWHERE && same(event[settled_].generation, event[settled_].root, generation, root) -> act = FINISH
          :: settled_ != NOWHERE && newer(event[settled_].generation, event[settled_].root, generation, root) -> act = IGNORE
          :: (settled_ == NOWHERE || newer(generation, root, event[settled_].generation, event[settled_].root)) &&
             child_ != NOWHERE && !newer(generation, root, message[child_].generation, message[child_].root) -> act = IGNORE
          :: else ->
            if
            :: m < eventsCreated && !same(startedGeneration[stage_], startedRoot[stage_], generation, root) -> act = PARK
            :: else
            fi
          fi;
          printf("worker %d: checked, decided %d (1 call, 2 finish, 3 ignore, 4 park)\n", w, act);
          late[w] = 0;
          seenLog[w] = eventsCreated;
          see()
        }
      :: else
      fi;
      if
      :: act != CALL -> break
      :: else
      fi;
      atomic {
        /* announced: open the document, announce the call and send the request */
        mayRun ->
        /* suspended between the decision and this moment: look again */
#ifndef BREAK_STALE
        if
        :: late[w] -> looks = 1
        :: else
        fi;
#else
        if
        :: late[w] -> see()
        :: else
        fi;
#endif
        if
        :: !retry_ && message[m].noDocument ->
          /* Restage from Postgres, but leave the stage to another worker that has announced its call. */
          if
          :: same(startedGeneration[stage_], startedRoot[stage_], generation, root) && holds[1 - w] == generation && !frozen[1 - w] ->
            act = RETURN
          :: else -> act = PARK
          fi
        :: !retry_ && !message[m].noDocument ->
          assert(newer(generation, root, seenGeneration, seenRoot));
          startedGeneration[stage_] = generation;
          startedRoot[stage_] = root;
          printf("worker %d: announced stage %d, lineage %d.%d\n", w, stage_, generation, root);
          called = 1
        :: else
        fi
      };
      if
      :: called || act != CALL -> break
      :: else
      fi
    od;
    /* answered, packed */
    output = w + 1;
#ifdef BREAK_ORDER
    /* Deliberate fault: the next stage is published before the commit. */
    if
    :: act == CALL && stage_ + 1 < STAGES ->
      atomic {
        mayRun ->
        publishChild(stage_ + 1, generation, root, output, 0);
      }
    :: else
    fi;
#endif
    atomic {
      /* committed */
      mayRun ->
      if
      :: act == CALL -> commitSettlement(stage_, generation, root, DONE, output, entry)
      :: act == PARK -> commitSettlement(stage_, generation, root, PARKED, 0, entry)
      :: act == FINISH -> entry = settled_
      :: else -> entry = NOWHERE
      fi;
    };
    atomic {
      /* next_published: publish the next stage from the committed event */
      mayRun ->
      if
      :: entry != NOWHERE && event[entry].kind == DONE && stage_ + 1 < STAGES ->
        publishChild(stage_ + 1, generation, root, event[entry].output, (late[w] || act == FINISH))
      :: else
      fi;
    };
    atomic {
      /* acknowledged, or returned to the queue */
      mayRun ->
      if
      :: act == RETURN && message[m].place == DELIVERED && message[m].holder == w -> message[m].holder = DEAD
      :: act == RETURN && !(message[m].place == DELIVERED && message[m].holder == w) -> skip
      :: act != RETURN && message[m].place != LOST ->
        message[m].place = ACKED;
        /* Nothing reads these again; equal states become one. */
        message[m].holder = NOWHERE; message[m].raw = 0; message[m].suspicious = 0; message[m].noDocument = 0
      :: act != RETURN && message[m].place == LOST -> skip
      :: act != RETURN && message[m].place == DELIVERED && mayFail ->
        /* Fault: the acknowledgement is lost. */
        faults++;
        message[m].holder = DEAD
      fi;
      printf("worker %d: acknowledged message %d\n", w, m);
      holds[w] = 0; late[w] = 0; seenLog[w] = 0;
      m = 0; generation = 0; root = 0; act = 0; entry = 0; output = 0; looks = 0; called = 0; seenGeneration = 0; seenRoot = 0
    }
  od unless {
    /* kill -9 and restart: what it held is delivered again after the ack wait */
    atomic {
      killed[w] ->
      if
      :: holds[w] != 0 && message[m].place == DELIVERED && message[m].holder == w -> message[m].holder = DEAD
      :: else
      fi;
      holds[w] = 0; late[w] = 0; seenLog[w] = 0;
      m = 0; generation = 0; root = 0; act = 0; entry = 0; output = 0; looks = 0; called = 0; seenGeneration = 0; seenRoot = 0;
      killed[w] = 0;
      printf("worker %d: killed and restarted\n", w);
      goto end
    }
  }
}

/* Delivers again what a dead or suspended worker has not acknowledged within the ack wait. */
#define redeliver(i) atomic { isForgotten(i) -> printf("broker: message %d waits again\n", i); message[i].place = WAITING; message[i].holder = NOWHERE; message[i].suspicious = 1 }
active proctype Broker() {
end:
  do
  :: redeliver(0)
  :: redeliver(1)
  :: redeliver(2)
  :: redeliver(3)
  :: redeliver(4)
  :: redeliver(5)
  :: redeliver(6)
  od
}

/* Nothing is admitted or swept before the recorder has passed the last event that existed when this leader began. */
#define mayAct (position >= gate)

/* A new leader, which reads on from the smaller of the consumer's floor and the cursor in Postgres. */
inline restartLeader() {
  gate = events;
#ifdef BREAK_FLOOR
  position = floor;
#else
  position = (floor < database.cursor -> floor : database.cursor)
#endif
}

/* The state that Postgres had one transaction ago, for a failover to a replica that lags by one. */
inline remember() {
  if
  :: mayFail ->
    previous.state = database.state;
    previous.generation = database.generation;
    previous.root = database.root;
    previous.next = database.next;
    previous.archived[0] = database.archived[0];
    previous.archived[1] = database.archived[1];
    previous.cursor = database.cursor
  :: else
  fi
}

#define forget(record) record.state = 0; record.generation = 0; record.root = 0; record.next = 0; \
  record.archived[0] = 0; record.archived[1] = 0; record.cursor = 0

/* Records events in order. A kill between commit and acknowledgement leaves the floor behind: they are read again. */
#define at_ event[position]
active proctype Recorder() {
end:
  do
  :: atomic { position < eventsBegin -> position = eventsBegin }
  :: atomic {
      position >= eventsBegin && position < events ->
      remember();
      if
      :: at_.kind == DONE -> database.archived[at_.stage] = 1
      :: else
      fi;
      /* By lineage; within one, only forward, and only while the run is in progress. */
      if
      :: newer(at_.generation, at_.root, database.generation, database.root) ||
         (same(at_.generation, at_.root, database.generation, database.root) && database.state == RUN_RUNNING && at_.stage >= database.next) ->
        database.generation = at_.generation;
        database.root = at_.root;
        if
        :: at_.kind == PARKED -> database.state = RUN_WAITING; database.next = at_.stage
        :: at_.kind == DONE && at_.stage + 1 == STAGES -> database.state = RUN_DONE; database.next = STAGES
        :: else -> database.state = RUN_RUNNING; database.next = at_.stage + 1
        fi
      :: else
      fi;
      printf("recorder: event %d; state %d, next %d, lineage %d.%d\n", position, database.state, database.next, database.generation, database.root);
      position++;
      database.cursor = position;
      if
      :: mayFail -> faults++; restartLeader()
      :: true -> floor = position
      fi
    }
  od
}

/*
 * Publishes a waiting run in a new generation and commits that it is in progress, under the lock of the run. A kill in
 * between leaves the publication, and the next leader repeats both.
 */
active proctype Admission() {
  byte generation = 0;
  byte next = 0;
  byte input = 0;
end:
  do
  :: atomic {
      database.state == RUN_WAITING && mayAct ->
      generation = database.generation + 1;
      next = database.next;
      /* Restage: without the archived input, the run goes back one stage. */
      if
      :: next > 0 && !database.archived[next - 1] -> next--
      :: else
      fi;
      if
      :: newestMessage[next] != NOWHERE && message[newestMessage[next]].generation >= generation
      :: else ->
        if
        :: next > 0 -> input = firstOutput[next - 1]
        :: else
        fi;
        publishMessage(next, generation, 0, input, 0, 0)
      fi;
      if
      :: mayFail -> faults++; printf("admission: killed before the commit\n"); restartLeader()
      :: true ->
        remember();
        database.state = RUN_RUNNING;
        database.generation = generation;
        database.root = 0;
        database.next = next;
        printf("admission: stage %d, generation %d\n", next, generation)
      fi;
      generation = 0; next = 0; input = 0
    }
  od
}

/* Finds a stage that no worker will settle: restores its settlement from the next stage's message, or admits it again. */
#define own_ newestMessage[database.next]
#ifdef BREAK_SWEEP
#define lostEvent_ (newestSettled[database.next] == NOWHERE || event[newestSettled[database.next]].generation < database.generation)
#else
#define lostEvent_ (newestSettled[database.next] == NOWHERE || \
  newer(database.generation, database.root, event[newestSettled[database.next]].generation, event[newestSettled[database.next]].root))
#endif
#define isChild_ (newestMessage[database.next + 1] != NOWHERE && \
  message[newestMessage[database.next + 1]].generation == database.generation && \
  message[newestMessage[database.next + 1]].root >= database.root)
#define isGone_ (own_ == NOWHERE || newer(database.generation, database.root, message[own_].generation, message[own_].root) || \
  message[own_].place == ACKED || isForgotten(own_))
active proctype Sweeper() {
  byte entry = 0;
end:
  do
  :: atomic {
      database.state == RUN_RUNNING && mayAct && position == events && position >= eventsBegin &&
      !isHeld(database.generation) && lostEvent_ && isChild_ ->
      printf("sweeper: restores the settlement of stage %d\n", database.next);
      commitSettlement(database.next, message[newestMessage[database.next + 1]].generation,
        message[newestMessage[database.next + 1]].root, DONE, message[newestMessage[database.next + 1]].input, entry);
      entry = 0
    }
  :: atomic {
      database.state == RUN_RUNNING && mayAct && position == events && position >= eventsBegin &&
      !isHeld(database.generation) && lostEvent_ && !isChild_ && isGone_ ->
      remember();
      printf("sweeper: stage %d is admitted again\n", database.next);
      database.state = RUN_WAITING
    }
  od
}

/* Whatever goes wrong, at any moment. Its end lets the system come to rest. */
active proctype Environment() {
  byte i = 0;
  do
  :: atomic {
      mayFail ->
      faults++;
      if
      :: firstFault = 1; killed[0] = 1; printf("FAULT: worker 0 is killed\n")
      :: firstFault -> killed[1] = 1; printf("FAULT: worker 1 is killed\n")
      :: firstFault = 1; frozen[0] = 1; late[0] = 1; printf("FAULT: worker 0 is suspended\n")
      :: firstFault -> frozen[1] = 1; late[1] = 1; printf("FAULT: worker 1 is suspended\n")
      :: printf("FAULT: a new leader\n"); restartLeader()
      :: /* STAGES is deleted and created again */
        for (i : 0 .. (MESSAGES - 1)) {
          message[i].place = LOST
        }
        printf("FAULT: STAGES is recreated\n"); stagesCreated = messages;
        i = 0;
        newestMessage[0] = NOWHERE; newestMessage[1] = NOWHERE
      :: /* EVENTS is deleted and created again */
        printf("FAULT: EVENTS is recreated\n");
        eventsBegin = events; eventsCreated = messages;
        newestSettled[0] = NOWHERE; newestSettled[1] = NOWHERE;
        startedGeneration[0] = 0; startedGeneration[1] = 0; startedRoot[0] = 0; startedRoot[1] = 0
      :: /* an operator replays a stored message */
        newestMessage[0] != NOWHERE -> printf("FAULT: raw replay\n");
        publishMessage(0, message[newestMessage[0]].generation, 0, message[newestMessage[0]].input, 1, 0)
      :: newestMessage[1] != NOWHERE -> printf("FAULT: raw replay\n");
        publishMessage(1, message[newestMessage[1]].generation, 0, message[newestMessage[1]].input, 1, 0)
      :: /* the object behind a claim check is gone */
        newestMessage[1] != NOWHERE -> message[newestMessage[1]].noDocument = 1; printf("FAULT: the document of message %d is gone\n", newestMessage[1])
      :: newestMessage[0] != NOWHERE -> message[newestMessage[0]].noDocument = 1; printf("FAULT: the document of message %d is gone\n", newestMessage[0])
      :: /* Postgres fails over to a replica that lags by one transaction, or by all of them */
        printf("FAULT: the last transaction is lost\n");
        database.state = previous.state;
        database.generation = previous.generation;
        database.root = previous.root;
        database.next = previous.next;
        database.archived[0] = previous.archived[0];
        database.archived[1] = previous.archived[1];
        database.cursor = previous.cursor;
        restartLeader()
      :: printf("FAULT: all transactions are lost\n"); forget(database); restartLeader()
      fi;
      if
      :: !mayFail -> forget(previous)
      :: else
      fi
    }
  :: atomic { frozen[0] -> frozen[0] = 0; printf("worker 0 continues\n") }
  :: atomic { frozen[1] -> frozen[1] = 0; printf("worker 1 continues\n") }
  :: atomic { !frozen[0] && !frozen[1] -> faults = FAULTS; break }
  od
}

/* At rest: nothing can happen any more. */
active proctype Rest() {
  timeout ->
  assert(isOutside || database.state == RUN_DONE);
  assert(isOutside || !anyWaiting)
}
