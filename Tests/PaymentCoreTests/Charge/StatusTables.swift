/// The fold's decisions as text, to be read and compared by eye with PPRO's published moves. `StatusTablesTests` makes the same tables from the code.
///
/// Statuses in short: AP AUTHORIZATION_PROCESSING, AU AUTHENTICATION_PENDING, AS AUTHORIZATION_ASYNC, CN CAPTURE_PENDING, CP CAPTURE_PROCESSING, CD CAPTURED,
/// RP REFUND_PROCESSING, RD REFUNDED, VP VOID_PROCESSING, VD VOIDED, DP DISCARD_PROCESSING, DD DISCARDED, FD FAILED, ?? a word nobody published,
/// -- no status yet.
enum StatusTables {
    /// Row: the status of now. Column: the status that an event brings. `1` a move of one step, `+` of several, `.` cannot be reached (an anomaly), `=` itself.
    static let reach = """
                                  AP  AU  AS  CN  CP  CD  RP  RD  VP  VD  DP  DD  FD
        AUTHORIZATION_PROCESSING  =   1   1   1   1   +   +   +   +   +   +   +   1
        AUTHENTICATION_PENDING    .   =   1   1   1   +   +   +   +   +   1   1   1
        AUTHORIZATION_ASYNC       .   +   =   1   1   +   +   +   +   +   1   1   1
        CAPTURE_PENDING           .   .   .   =   1   1   +   +   1   1   .   .   1
        CAPTURE_PROCESSING        .   .   .   1   =   1   +   +   +   +   .   .   1
        CAPTURED                  .   .   .   .   .   =   1   1   .   .   .   .   .
        REFUND_PROCESSING         .   .   .   .   .   1   =   1   .   .   .   .   .
        REFUNDED                  .   .   .   .   .   .   .   =   .   .   .   .   .
        VOID_PROCESSING           .   .   .   1   +   +   +   +   =   1   .   .   +
        VOIDED                    .   .   .   .   .   .   .   .   .   =   .   .   .
        DISCARD_PROCESSING        .   1   +   +   +   +   +   +   +   +   =   1   +
        DISCARDED                 .   .   .   .   .   .   .   .   .   .   .   =   .
        FAILED                    .   .   .   .   .   .   .   .   .   .   .   .   =
        """

    /// Row: an event of a type with a status, and the sum that it adds to when it reports on an operation. Column: the status of now; from ?? on, no known
    /// status came before. Cell: the new status, or `=` nothing changes, or `!` an anomaly and the status stays. PPRO does not publish which status comes with
    /// which type: the ones here are likely, and the rule depends on the status alone.
    static let life = """
                                                     brings                    adds            AP AU AS CN CP CD RP RD VP VD DP DD FD ?? --
        PAYMENT_CHARGE_CREATED                       AUTHORIZATION_PROCESSING                   =  !  !  !  !  !  !  !  !  !  !  !  ! AP AP
        PAYMENT_CHARGE_AUTHENTICATION_PENDING        AUTHENTICATION_PENDING                    AU  = AU  !  !  !  !  !  !  ! AU  !  ! AU AU
        PAYMENT_CHARGE_PROVIDER_CONFIRMATION_PENDING AUTHORIZATION_ASYNC                       AS AS  =  !  !  !  !  !  !  ! AS  !  ! AS AS
        PAYMENT_CHARGE_AUTHORIZATION_SUCCEEDED       CAPTURE_PENDING           authorized      CN CN CN  = CN  !  !  ! CN  ! CN  !  ! CN CN
        PAYMENT_CHARGE_AUTHORIZATION_FAILED          FAILED                                    FD FD FD FD FD  !  !  ! FD  ! FD  !  = FD FD
        PAYMENT_CHARGE_DISCARD_FAILED                AUTHENTICATION_PENDING                    AU  = AU  !  !  !  !  !  !  ! AU  !  ! AU AU
        PAYMENT_CHARGE_DISCARDED                     DISCARDED                                 DD DD DD  !  !  !  !  !  !  ! DD  =  ! DD DD
        PAYMENT_CHARGE_VOID_FAILED                   CAPTURE_PENDING                           CN CN CN  = CN  !  !  ! CN  ! CN  !  ! CN CN
        PAYMENT_CHARGE_VOID_SUCCEEDED                VOIDED                    voided          VD VD VD VD VD  !  !  ! VD  = VD  !  ! VD VD
        PAYMENT_CHARGE_CAPTURE_FAILED                CAPTURE_PENDING                           CN CN CN  = CN  !  !  ! CN  ! CN  !  ! CN CN
        PAYMENT_CHARGE_CAPTURE_SUCCEEDED             CAPTURED                  captured        CD CD CD CD CD  = CD  ! CD  ! CD  !  ! CD CD
        PAYMENT_CHARGE_REFUND_PENDING                REFUND_PROCESSING                         RP RP RP RP RP RP  =  ! RP  ! RP  !  ! RP RP
        PAYMENT_CHARGE_REFUND_FAILED                 CAPTURED                                  CD CD CD CD CD  = CD  ! CD  ! CD  !  ! CD CD
        PAYMENT_CHARGE_REFUND_SUCCEEDED              REFUNDED                  refunded        RD RD RD RD RD RD RD  = RD  ! RD  !  ! RD RD
        FUNDS_STATE_CHANGED                          CAPTURED                                  CD CD CD CD CD  = CD  ! CD  ! CD  !  ! CD CD
        CHARGEBACK_SUCCEEDED                         -                         chargedBack      =  =  =  =  =  =  =  =  =  =  =  =  =  =  =
        PAYMENT_CHARGE_FAILED                        DECLINED                                  FD FD FD FD FD  !  !  ! FD  ! FD  !  = FD FD
        PAYMENT_CHARGE_SUCCESS                       SUCCESS                                   CD CD CD CD CD  = CD  ! CD  ! CD  !  ! CD CD
        """

    /// Row: the agreement's status of now. Column: the status that an event brings. IN INITIALIZING, AU AUTHENTICATION_PENDING, AC ACTIVE, RC RM RP REVOKED_BY
    /// CONSUMER, MERCHANT, PROVIDER, FD FAILED, ?? a word nobody published. Cells as above; `??!` is taken and an anomaly.
    static let agreements = """
                                  IN  AU  AC  RC  RM  RP  FD  ??
        INITIALIZING               =  AU  AC  RC  RM  RP  FD  ??!
        AUTHENTICATION_PENDING    IN   =  AC  RC  RM  RP  FD  ??!
        ACTIVE                    IN  AU   =  RC  RM  RP  FD  ??!
        REVOKED_BY_CONSUMER        !   !   !   =   !   !   !   !
        REVOKED_BY_MERCHANT        !   !   !   !   =   !   !   !
        REVOKED_BY_PROVIDER        !   !   !   !   !   =   !   !
        FAILED                     !   !   !   !   !   !   =   !
        ON_HOLD                   IN  AU  AC  RC  RM  RP  FD   !
        """
}
