-- GB 36980.1-2025, as one would write it.
SELECT CASE WHEN applies THEN CAST(met AS UTINYINT) ELSE 2 END AS "R1",
       CASE WHEN applies THEN CAST(met AS UTINYINT) ELSE 2 END AS overall
FROM (SELECT category = 'M1' AND powertrain = 'bev' AND max_mass <= 3500 AS applies,
             consumption <= CASE WHEN curb_mass <= 1090 THEN 10.1::DOUBLE
                                 WHEN curb_mass <= 2710 THEN 0.00556::DOUBLE * (curb_mass - 1780) + 13.92::DOUBLE
                                 ELSE 19.1::DOUBLE END AS met
      FROM products)
