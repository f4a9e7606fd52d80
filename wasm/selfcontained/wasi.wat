;; The WASI functions that Go's runtime calls, for a module that must not import anything. They give what a pure
;; function needs, and the same at every run: no arguments, no environment, a clock that counts calls, a constant in
;; place of randomness, no files. What an operation computes depends on none of it.
(module
  (import "ossconf" "memory" (memory 1))

  ;; In nanoseconds. It must never be 0, which the runtime takes for a broken clock, and must rise.
  (global $now (mut i64) (i64.const 1000000000))

  (func (export "args_sizes_get") (export "environ_sizes_get") (param $count i32) (param $size i32) (result i32)
    (i32.store (local.get $count) (i32.const 0))
    (i32.store (local.get $size) (i32.const 0))
    (i32.const 0))

  (func (export "args_get") (export "environ_get") (param i32 i32) (result i32)
    (i32.const 0))

  (func (export "clock_time_get") (param $clock i32) (param $precision i64) (param $time i32) (result i32)
    (global.set $now (i64.add (global.get $now) (i64.const 1000)))
    (i64.store (local.get $time) (global.get $now))
    (i32.const 0))

  ;; The runtime seeds its hash tables with it.
  (func (export "random_get") (param $buffer i32) (param $size i32) (result i32)
    (memory.fill (local.get $buffer) (i32.const 0x5a) (local.get $size))
    (i32.const 0))

  ;; Swallows everything: the runtime writes only before it exits, and may write again if it is told of a failure.
  (func (export "fd_write") (param $fd i32) (param $iovec i32) (param $count i32) (param $written i32) (result i32)
    (local $sum i32)
    (block $end
      (loop $next
        (br_if $end (i32.eqz (local.get $count)))
        (local.set $sum (i32.add (local.get $sum) (i32.load offset=4 (local.get $iovec))))
        (local.set $iovec (i32.add (local.get $iovec) (i32.const 8)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $next)))
    (i32.store (local.get $written) (local.get $sum))
    (i32.const 0))

  (func (export "sched_yield") (result i32)
    (i32.const 0))

  ;; The runtime sleeps with it, above all between garbage collections, and gives up for good if it fails. The first
  ;; subscription is always that of a clock: it comes true at once, and the clock moves on as if it had been waited for.
  ;; A subscription has 48 bytes (kind at 8, timeout at 24), an event 32 (error at 8, kind at 10). 52 is ENOSYS: files,
  ;; kinds other than 0, there are none.
  (func (export "poll_oneoff")
    (param $subscriptions i32) (param $events i32) (param $count i32) (param $happened i32) (result i32)
    (if (i32.load8_u offset=8 (local.get $subscriptions)) (then (return (i32.const 52))))
    (global.set $now (i64.add (global.get $now) (i64.load offset=24 (local.get $subscriptions))))
    (i64.store (local.get $events) (i64.load (local.get $subscriptions)))
    (i64.store offset=8 (local.get $events) (i64.const 0))
    (i32.store (local.get $happened) (i32.const 1))
    (i32.const 0))

  (func (export "proc_exit") (param $code i32)
    (unreachable)))
