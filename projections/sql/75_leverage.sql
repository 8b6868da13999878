-- Leverage on paper: loans as debt that is drawn, bound or still talked about, and the legs that service them.

-- What a loan was drawn by; a completed loan has been drawn whole, whether or not anyone recorded its draws.
CREATE OR REPLACE MACRO drawn_amount(status, binding, performed) AS
CASE WHEN status = 'completed' THEN greatest(binding, performed) ELSE performed END;

-- One row for each leg that is debt, guarantees it or may service it. For a loan: `drawn` is what is outstanding,
-- `executed` that with what is bound and undrawn (NULL parts are in `undisclosed`), `in_talks` what nobody is bound to yet.
-- `legs` names the table in which `legs_less_parts` was kept.
CREATE OR REPLACE MACRO debt_legs(legs) AS TABLE
WITH
legs AS MATERIALIZED (
    SELECT
        pt, deal, leg, type, first_party, second_party, status, ended, currency, headline, binding, performed, repaid,
        collateral, covers, relies_on, capacity_lot, amounts_undisclosed,
        drawn_amount(status, binding, performed) AS drawn_whole
    FROM query_table(legs)
    WHERE type NOT IN ('warrant_granted', 'acquisition_agreed', 'option_granted', 'royalty_agreed')
        AND NOT is_backstop(guarantee_kind)
)

SELECT
    pt, deal, leg, deal || '/' || leg AS leg_ref, type, first_party, second_party, status, ended, currency,
    headline, binding, collateral, covers, capacity_lot,
    coalesce(relies_on, []) AS relies_on,
    is_binding(status) AS is_bound,
    CASE WHEN type = 'loan_arranged' THEN floor_zero(drawn_whole - repaid) END::DECIMAL(38, 6) AS drawn,
    CASE
        WHEN type = 'loan_arranged'
            THEN
                floor_zero(drawn_whole - repaid)
                + CASE WHEN is_binding(status) THEN coalesce(floor_zero(binding - drawn_whole), 0) ELSE 0 END
    END::DECIMAL(38, 6) AS executed,
    CASE
        WHEN type = 'loan_arranged'
            THEN CASE WHEN is_binding(status) THEN 0 ELSE coalesce(floor_zero(headline - drawn_whole), 0) END
    END::DECIMAL(38, 6) AS in_talks,
    type = 'loan_arranged'
    AND (amounts_undisclosed > 0 OR CASE WHEN is_binding(status) THEN binding ELSE headline END IS NULL) AS undisclosed
FROM legs;
