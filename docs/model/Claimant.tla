------------------------------- MODULE Claimant -------------------------------
(***************************************************************************)
(* The protocol behind dev.claimant.spi.Source: one queue, and the workers *)
(* that claim from it, over a network that delays and loses what it        *)
(* carries. Promises.tla says what must hold, README.md how to read both.  *)
(***************************************************************************)
EXTENDS Settlements

\* Source.stopClaiming: no more claims; what is held is finished or handed back.
Drain(w) ==
  /\ mode[w] = "up" /\ Holds(w) /\ Costs(1)
  /\ mode' = [mode EXCEPT ![w] = "draining"]
  /\ UNCHANGED <<broker, held, requests, outside>>

\* A new process takes the place of one that has stopped.
Return(w) ==
  /\ mode[w] \in {"drained", "cutShort"}
  /\ mode' = [mode EXCEPT ![w] = "up"]
  /\ UNCHANGED <<broker, held, requests, outside, trouble>>

\* The process dies and another takes its place. To the broker it is the same
\* when the answer to a claim is lost: a lock that no worker knows of.
Crash(w) ==
  /\ Holds(w) /\ Costs(1)
  /\ mode' = [mode EXCEPT ![w] = "up"]
  /\ held' = [held EXCEPT ![w] = NoClaim]
  /\ UNCHANGED <<broker, requests, outside>>

-------------------------------------------------------------------------------

\* What a worker that keeps going does sooner or later.
Proceed(w) ==
  \/ \E m \in Messages : Claim(w, m)
  \/ Receive(w) \/ Succeed(w) \/ Fail(w) \/ HandBack(w) \/ TimeOut(w)
  \/ AskAgain(w) \/ Conclude(w) \/ GiveUp(w) \/ Return(w)

Deliver == \E r \in requests : Settle(r)
Lose    == \E r \in requests : LoseRequest(r)

Next ==
  \/ \E w \in Workers :
       Proceed(w) \/ Renew(w) \/ HearRenewal(w) \/ Drain(w) \/ Crash(w)
  \/ \E m \in Messages : Due(m) \/ Expire(m)
  \/ Deliver \/ Lose \/ Tick

Safe == Init /\ [][Next]_vars

\* Workers come back and go on, the broker gets to its requests, time passes.
Spec ==
  /\ Safe
  /\ \A w \in Workers  : WF_vars(Proceed(w))
  /\ \A m \in Messages : WF_vars(Due(m)) /\ WF_vars(Expire(m))
  /\ WF_vars(Deliver) /\ WF_vars(Tick)
===============================================================================
