-------------------------------- MODULE Claims --------------------------------
(***************************************************************************)
(* Claim and renew: a lock begins, goes on and ends.                       *)
(***************************************************************************)
EXTENDS State

Less(n)   == IF n = 0 THEN 0 ELSE n - 1
Max(m, n) == IF m > n THEN m ELSE n

\* Claimable is what is ready, and what is reserved for this owner or locked by
\* this owner (takeover).
Claimable(m, w) ==
  \/ broker[m].state = "ready"
  \/ /\ broker[m].state \in {"waiting", "locked"}
     /\ w \in JobPods /\ broker[m].owner = Owner(w)

\* Source.claim. The broker locks the message at once; the answer is on its way.
\* Every claim counts an attempt and gets a fencing number of its own.
Claim(w, m) ==
  LET old == broker[m]
      new == [old EXCEPT !.state = "locked", !.owner = Owner(w),
                         !.left = LockLength, !.claim = @ + 1, !.attempt = @ + 1,
                         !.fence = IF Locked(m) /\ ~FencedTakeover THEN @ ELSE @ + 1]
      before == {v \in Workers : Locked(m) /\ IsCurrent(v, m)}
  IN
  /\ mode[w] = "up" /\ ~Holds(w) /\ Claimable(m, w)
  /\ Costs(Cardinality(before))
  /\ broker' = [broker EXCEPT ![m] = new]
  /\ held' = [v \in Workers |->
       CASE v = w        -> [NoClaim EXCEPT !.phase = "claiming", !.message = m,
                              !.claim = new.claim, !.fence = new.fence,
                              !.attempt = new.attempt, !.trust = LockLength]
         [] v \in before -> [held[v] EXCEPT !.takenOver = TRUE]
         [] OTHER        -> held[v]]
  /\ UNCHANGED <<mode, requests, outside>>

\* The answer arrives, however late.
Receive(w) ==
  /\ held[w].phase = "claiming"
  /\ held' = [held EXCEPT ![w].phase = "working",
                          ![w].trust = IF TrustFromRequest THEN @ ELSE LockLength]
  /\ UNCHANGED <<broker, mode, requests, outside, trouble>>

-------------------------------------------------------------------------------

\* The worker is done with its claim. If it drains it has stopped now: drained
\* when it knows how the claim ended, else cut short.
Over(w, verdict) ==
  /\ held' = [held EXCEPT ![w] = NoClaim]
  /\ mode' = [mode EXCEPT ![w] =
       IF @ = "up" THEN @ ELSE IF verdict = "UNKNOWN" THEN "cutShort" ELSE "drained"]

\* The worker's own clock says that the lock is over, or that the drain is: cancel
\* the handler, drop its result. What became of a settlement stays unknown.
GiveUp(w) ==
  /\ \/ held[w].phase \in {"working", "unknown"} /\ held[w].trust = 0
     \/ Holds(w) /\ mode[w] = "draining"
  /\ Over(w, "UNKNOWN")
  /\ UNCHANGED <<broker, requests, outside, trouble>>

-------------------------------------------------------------------------------

\* Source.renew: the full length from now, for the current number only.
Renew(w) ==
  LET m == held[w].message
      ours == Current(m, held[w].fence)
  IN
  /\ held[w].phase \in {"working", "asked", "unknown"}
  /\ held[w].renewal = "none" /\ held[w].trust < LockLength
  /\ broker' = IF ours THEN [broker EXCEPT ![m].left = LockLength] ELSE broker
  /\ held' = [held EXCEPT ![w].renewal = IF ours THEN "APPLIED" ELSE "LOST",
                          ![w].fresh   = IF ours THEN LockLength ELSE 0]
  /\ UNCHANGED <<mode, requests, outside, trouble>>

\* LOST ends the claim, unless a settlement is out: that one may be why the lock
\* is gone, so its own verdict decides.
ToldLost(w) == held[w].renewal = "LOST" /\ held[w].phase = "working"

\* The verdict arrives, however late.
HearRenewal(w) ==
  LET h == held[w]
      Trust(n) == /\ held' = [held EXCEPT ![w].renewal = "none", ![w].fresh = 0,
                                          ![w].trust = Max(@, n)]
                  /\ UNCHANGED mode
  IN
  /\ h.renewal # "none"
  /\ IF h.renewal = "APPLIED"
     THEN Trust(IF TrustFromRequest THEN h.fresh ELSE LockLength)
     ELSE IF ~LostRenewalHeeded THEN Trust(LockLength)
     ELSE IF ToldLost(w) THEN Over(w, "LOST") ELSE Trust(0)
  /\ UNCHANGED <<broker, requests, outside, trouble>>

-------------------------------------------------------------------------------

\* A retry's delay is over, or a reservation lapses: anybody may claim.
Due(m) ==
  /\ broker[m].state = "waiting"
  /\ broker' = [broker EXCEPT ![m].state = "ready", ![m].owner = "nobody"]
  /\ UNCHANGED <<mode, held, requests, outside, trouble>>

\* A lock that is over ends when the broker notices: at once, or only when it
\* looks for something to claim. Until then the claim is as good as before.
Expire(m) ==
  /\ Locked(m) /\ broker[m].left = 0
  /\ broker' = [broker EXCEPT ![m].state = "ready", ![m].owner = "nobody"]
  /\ UNCHANGED <<mode, held, requests, outside, trouble>>

\* All clocks run at one rate. To be paused or slow beyond one's lock is trouble.
Tick ==
  /\ Costs(Cardinality({w \in Workers : held[w].trust = 1}))
  /\ broker' = [m \in Messages |-> [broker[m] EXCEPT !.left = Less(@)]]
  /\ held' = [w \in Workers |->
       [held[w] EXCEPT !.trust = Less(@), !.fresh = Less(@)]]
  /\ UNCHANGED <<mode, requests, outside>>
===============================================================================
