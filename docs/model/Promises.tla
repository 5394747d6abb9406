------------------------------- MODULE Promises -------------------------------
(***************************************************************************)
(* What the protocol of Claimant.tla promises, as TLC checks it.           *)
(***************************************************************************)
EXTENDS Claimant, TLC

Stays(what, m) == broker'[m][what] = broker[m][what]

-------------------------------------------------------------------------------
(* Of messages *)

\* A message is in one state, of one claim at a time.
ExactlyOneState == \A m \in Messages :
  /\ broker[m].state \in {"ready", "locked", "waiting", "done", "dead"}
  /\ broker[m].left > 0 => Locked(m)
  /\ broker[m].owner = "job" => broker[m].state \in {"locked", "waiting"}
  /\ Cardinality({w \in Workers : IsCurrent(w, m)}) <= 1

\* Done and dead are for good.
DoneAndDeadStay == [][\A m \in Messages :
  broker[m].state \in {"done", "dead"} => broker'[m] = broker[m]]_vars

\* Done means that the handler's effect happened, under the claim that completed.
NothingIsLost == [][\A m \in Messages :
  broker'[m].state = "done" /\ ~Stays("state", m)
    => outside[m].writer = broker[m].claim]_vars

\* Only the current claim settles; a claim that was lost changes nothing.
OnlyTheCurrentClaimSettles == [][\A r \in requests \ requests' :
  broker'[r.message] # broker[r.message]
    => r.claim = broker[r.message].claim]_vars

\* A reserved message goes to its owner only, until the reservation lapses; one
\* that waits out a delay goes to nobody until it is due.
ReservedForTheOwner == [][\A m \in Messages :
  broker[m].state = "waiting" /\ broker'[m].state = "locked"
    => broker[m].owner = "job" /\ Stays("owner", m)]_vars

-------------------------------------------------------------------------------
(* Of attempts *)

ReleaseBurnsNoAttempt == \A m \in Messages :
  broker[m].attempt = broker[m].claim - broker[m].released

\* One more than the maximum when the last try was lost, and one more again each
\* time that the claim which should dead-letter it was lost too.
AttemptsAreBounded == \A m \in Messages :
  broker[m].attempt <= MaxAttempts + 1 + (Trouble - trouble)

-------------------------------------------------------------------------------
(* Of what a worker believes *)

\* While a handler's lock is trusted, nobody else has the message: unless the
\* worker's own owner took it over, which it cannot know.
TrustIsOwnership == \A w \in Workers :
  held[w].phase = "working" /\ held[w].trust > 0
    => IsCurrent(w, held[w].message) \/ held[w].takenOver

AppliedIsTrue == \A w \in Workers : Verdict(w) = "APPLIED" => held[w].applied

\* LOST: the claim is over. Unless an UNKNOWN came before, its settlement was not
\* applied and never will be.
LostIsTrue == \A w \in Workers : Verdict(w) = "LOST" \/ ToldLost(w) =>
  /\ ~Current(held[w].message, held[w].fence)
  /\ ~held[w].repeated =>
       /\ ~held[w].applied
       /\ ~\E r \in requests : r.message = held[w].message /\ r.claim = held[w].claim

\* A worker that has drained holds nothing, nor does the broker hold it for it.
DrainLeavesNothing == [][\A w \in Workers :
  mode[w] = "draining" /\ mode'[w] = "drained" =>
    /\ held'[w] = NoClaim
    /\ ~(Locked(held[w].message) /\ IsCurrent(w, held[w].message))]_vars

-------------------------------------------------------------------------------
(* Of fencing numbers *)

FencingNumbersGrow == [][\A m \in Messages :
  broker'[m].fence >= broker[m].fence]_vars

\* A store that refuses lower numbers never goes back to an earlier claim.
GuardedWritesGoForward == [][\A m \in Messages :
  outside'[m].writer >= outside[m].writer]_vars

-------------------------------------------------------------------------------
(* Of the end *)

\* As long as workers come back, every message is completed or dead-lettered;
\* one that always fails is dead-lettered.
EveryMessageEnds == \A m \in Messages :
  <>(broker[m].state = "dead" \/ (broker[m].state = "done" /\ m \notin Poison))

-------------------------------------------------------------------------------
(* For TLC *)

Alike == Permutations(JobPods) \cup Permutations(Workers \ JobPods)
===============================================================================
