-------------------------------- MODULE State ---------------------------------
(***************************************************************************)
(* What there is: the broker's messages, the workers and the one claim     *)
(* that each may hold, and the settlements on their way between them.      *)
(*                                                                         *)
(* Time is ticks left: on each lock, on each worker's trust in its lock,   *)
(* on each renewal under way. The broker's count decides who owns a        *)
(* message; the worker's only says when to stop trusting.                  *)
(***************************************************************************)
EXTENDS Naturals, FiniteSets

CONSTANTS
  Messages,
  Workers,
  JobPods,        \* the workers that are pods of one Job, so share an owner
  Poison,         \* the messages whose handler always fails
  MaxAttempts,
  LockLength,
  Trouble         \* how much may go wrong in one run, see Costs

CONSTANTS  \* TRUE in the protocol; every broken variant makes one FALSE
  FencedSettlement,    \* only the current fencing number settles
  FencedTakeover,      \* taking over one's own live lock gives a new number
  LostRenewalHeeded,   \* a renewal answered LOST ends the claim
  TrustFromRequest,    \* time left counts from the request, not the answer
  TakeoverFeared       \* who can be taken over never reads "gone" as "by us"

VARIABLES
  broker,     \* per message: what the broker knows
  mode,       \* per worker: up, draining, drained, cutShort
  held,       \* per worker: what it knows of its claim
  requests,   \* settlements on their way to the broker
  outside,    \* per message: what handlers wrote into a store guarded by number
  trouble     \* what may still go wrong

vars == <<broker, mode, held, requests, outside, trouble>>

-------------------------------------------------------------------------------

\* claim counts the claims of a message. So does the fencing number, in the
\* protocol; where they differ, a variant is broken. released is for a promise.
NewMessage == [state |-> "ready", claim |-> 0, fence |-> 0, attempt |-> 0,
               released |-> 0, owner |-> "nobody", left |-> 0]

\* phase: free, claiming (answer awaited), working, asked (verdict awaited),
\* unknown (to be asked again). applied and takenOver are the truth at the
\* broker, which the worker cannot see: they are for the promises.
NoClaim == [phase |-> "free", message |-> "none", claim |-> 0, fence |-> 0,
            attempt |-> 0, trust |-> 0, renewal |-> "none", fresh |-> 0,
            kind |-> "none", repeated |-> FALSE, answer |-> "none",
            applied |-> FALSE, takenOver |-> FALSE]

Init ==
  /\ broker   = [m \in Messages |-> NewMessage]
  /\ mode     = [w \in Workers |-> "up"]
  /\ held     = [w \in Workers |-> NoClaim]
  /\ requests = {}
  /\ outside  = [m \in Messages |-> [guard |-> 0, writer |-> 0]]
  /\ trouble  = Trouble

-------------------------------------------------------------------------------

Owner(w)          == IF w \in JobPods THEN "job" ELSE "nobody"
Holds(w)          == held[w].phase # "free"
Locked(m)         == broker[m].state = "locked"
Current(m, fence) == Locked(m) /\ broker[m].fence = fence
IsCurrent(w, m)   == held[w].message = m /\ held[w].claim = broker[m].claim

\* What goes wrong is paid for, so that every run sees an end of it.
Costs(n) == n <= trouble /\ trouble' = trouble - n
===============================================================================
