------------------------------ MODULE Settlements -----------------------------
(***************************************************************************)
(* Settle: the worker asks, the broker answers, the worker concludes.      *)
(***************************************************************************)
EXTENDS Claims

Request(w, kind, repeated) ==
  [worker |-> w, message |-> held[w].message, claim |-> held[w].claim,
   fence |-> held[w].fence, kind |-> kind, repeated |-> repeated]

Ask(w, kind) ==
  /\ held[w].phase = "working"
  /\ requests' = requests \cup {Request(w, kind, FALSE)}
  /\ held' = [held EXCEPT ![w].phase = "asked", ![w].kind = kind]
  /\ UNCHANGED <<broker, mode, trouble>>

\* The handler writes, guarded by the fencing number, and returns: complete.
\* It may be slow: nothing here asks whether the lock still holds.
Succeed(w) ==
  LET h == held[w] IN
  /\ h.message \notin Poison /\ h.attempt <= MaxAttempts
  /\ Ask(w, "complete")
  /\ h.fence >= outside[h.message].guard
  /\ outside' = [outside EXCEPT ![h.message] =
       [guard |-> h.fence, writer |-> h.claim]]

\* The handler throws: retry, or dead-letter after the last attempt. A claim
\* beyond the last attempt is dead-lettered without running the handler.
Fail(w) ==
  /\ Ask(w, IF held[w].attempt < MaxAttempts THEN "retry" ELSE "deadLetter")
  /\ UNCHANGED outside

\* A draining worker releases what it does not finish.
HandBack(w) ==
  /\ mode[w] = "draining"
  /\ Ask(w, "release")
  /\ UNCHANGED outside

\* No answer within the bound: UNKNOWN. The request may still reach the broker.
Awaits(w, r) ==
  /\ held[w].phase = "asked" /\ held[w].answer = "none"
  /\ r = Request(w, held[w].kind, held[w].repeated)

TimeOut(w) ==
  LET underWay == held[w].answer # "none" \/ \E r \in requests : Awaits(w, r) IN
  /\ held[w].phase = "asked"
  /\ Costs(IF underWay THEN 1 ELSE 0)
  /\ held' = [held EXCEPT ![w].phase = "unknown", ![w].answer = "none"]
  /\ UNCHANGED <<broker, mode, requests, outside>>

\* Then the same settlement again, marked as repeated, while the lock is trusted.
AskAgain(w) ==
  /\ held[w].phase = "unknown" /\ held[w].trust > 0
  /\ requests' = requests \cup {Request(w, held[w].kind, TRUE)}
  /\ held' = [held EXCEPT ![w].phase = "asked", ![w].repeated = TRUE]
  /\ UNCHANGED <<broker, mode, outside, trouble>>

-------------------------------------------------------------------------------

After(kind, b) ==
  LET over == [b EXCEPT !.owner = "nobody", !.left = 0] IN
  CASE kind = "complete"   -> [over EXCEPT !.state = "done"]
    [] kind = "deadLetter" -> [over EXCEPT !.state = "dead"]
    [] kind = "release"    -> [over EXCEPT !.state = "ready",
                                           !.attempt = @ - 1, !.released = @ + 1]
    [] kind = "retry"      -> [b EXCEPT !.state = "waiting", !.left = 0]

\* The worker hears an answer only if it still waits for that call.
Answer(r, answer) ==
  LET w == r.worker
      same == held[w].message = r.message /\ held[w].claim = r.claim
  IN held' = [held EXCEPT
       ![w].answer  = IF Awaits(w, r) THEN answer ELSE @,
       ![w].applied = @ \/ (same /\ answer = "applied")]

\* Source.settle at the broker, however late: it settles the claim with that
\* fencing number, or finds it gone.
Settle(r) ==
  LET m == r.message
      ours == IF FencedSettlement THEN Current(m, r.fence) ELSE Locked(m)
  IN
  /\ requests' = requests \ {r}
  /\ broker' = IF ours THEN [broker EXCEPT ![m] = After(r.kind, @)] ELSE broker
  /\ Answer(r, IF ours THEN "applied" ELSE "gone")
  /\ UNCHANGED <<mode, outside, trouble>>

LoseRequest(r) ==
  /\ Costs(1)
  /\ requests' = requests \ {r}
  /\ UNCHANGED <<broker, mode, held, outside>>

-------------------------------------------------------------------------------

\* Gone when repeated, while the lock is trusted even now: nobody else could have
\* ended the claim, so it was us. Else gone means LOST.
Verdict(w) ==
  LET h == held[w]
      byUs == h.repeated /\ h.trust > 0 /\ ~(TakeoverFeared /\ w \in JobPods)
  IN CASE h.answer = "none"    -> "none"
       [] h.answer = "applied" -> "APPLIED"
       [] h.answer = "gone"    -> IF byUs THEN "APPLIED" ELSE "LOST"

Conclude(w) ==
  /\ Verdict(w) # "none"
  /\ Over(w, Verdict(w))
  /\ UNCHANGED <<broker, requests, outside, trouble>>
===============================================================================
