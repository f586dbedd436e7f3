-- 财建〔2018〕18号, as one would write it.
SELECT CASE WHEN bev THEN CAST(range >= 150 AS UTINYINT) ELSE 2 END AS "R1",
       CASE WHEN bev THEN CAST(density >= 105 AS UTINYINT) ELSE 2 END AS "R2",
       CASE WHEN bev THEN CAST(consumption <= y AS UTINYINT) ELSE 2 END AS "R3",
       CASE WHEN phev THEN CAST(electric_range >= 50 AS UTINYINT) ELSE 2 END AS "R4",
       CASE WHEN bev THEN CAST(range >= 150 AND density >= 105 AND consumption <= y AS UTINYINT)
            WHEN phev THEN CAST(electric_range >= 50 AS UTINYINT) ELSE 2 END AS overall,
       CASE WHEN range < 150 THEN 0::DOUBLE WHEN range < 200 THEN 1.5 WHEN range < 250 THEN 2.4
            WHEN range < 300 THEN 3.4 WHEN range < 400 THEN 4.5 ELSE 5 END
       * CASE WHEN density < 105 THEN 0::DOUBLE WHEN density < 120 THEN 0.6 WHEN density < 140 THEN 1
              WHEN density < 160 THEN 1.1 ELSE 1.2 END
       * CASE WHEN consumption / y <= 0.75 THEN 1.1::DOUBLE WHEN consumption / y <= 0.95 THEN 1
              WHEN consumption / y <= 1 THEN 0.5 ELSE 0 END AS subsidy
FROM (SELECT *, category = 'M1' AND powertrain = 'bev' AS bev, category = 'M1' AND powertrain = 'phev' AS phev,
             CASE WHEN curb_mass <= 1000 THEN 0.0126::DOUBLE * curb_mass + 0.45::DOUBLE
                  WHEN curb_mass <= 1600 THEN 0.0108::DOUBLE * curb_mass + 2.25::DOUBLE
                  ELSE 0.0045::DOUBLE * curb_mass + 12.33::DOUBLE END AS y
      FROM products)
