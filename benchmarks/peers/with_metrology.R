# metRology on the numbers of the folder named second; results as one line of JSON.
suppressMessages(library(metRology))
folder <- commandArgs(TRUE)[2]
x <- as.matrix(read.table(file.path(folder, "x.txt")))
sets <- as.matrix(read.table(file.path(folder, "sets.txt")))
study <- as.matrix(read.table(file.path(folder, "study.txt")))
best <- function(work, pieces) {
  least <- Inf
  for (i in 1:3) { t <- system.time(found <- work()); least <- min(least, t[["user.self"]] + t[["sys.self"]]) }
  list(took = least / pieces, gives = found)
}
said <- function(n) format(n, digits = 17, scientific = TRUE, trim = TRUE)
flat <- function(v) paste0("[", paste(said(v), collapse = ","), "]")
nest <- function(m) paste0("[", paste(apply(m, 1, flat), collapse = ","), "]")
names6 <- c("a", "b", "c", "d", "e", "f")
at <- function(i) setNames(as.list(x[i, ]), names6)
u <- setNames(as.list(rep(0.01, 6)), names6)
ex <- expression(a * exp(-b * c) + d / e * sqrt(f))
linear <- best(function() sapply(1:200, function(i) uncert(ex, at(i), u, method = "NUM")$u.y), 200)
f6 <- function(a, b, c, d, e, f) a * exp(-b * c) + d / e * sqrt(f)
drawn <- best(function() {
  m <- uncertMC(f6, at(1), u, B = 1000000, vectorized = TRUE, keep.x = FALSE)
  c(m$u.y, diff(quantile(m$MC$y, c(0.025, 0.975), names = FALSE)))
}, 1)
algorithm <- best(function() suppressWarnings(t(sapply(1:nrow(sets), function(i) unlist(algA(sets[i, ]))))), nrow(sets))
cells <- aperm(array(t(study), c(4, 20, 10)), c(3, 2, 1)) # level, lab, replicate
mandel <- best(function() lapply(c("h", "k"), function(type) t(sapply(1:10, function(j) {
  long <- data.frame(y = as.vector(t(cells[j, , ])), lab = factor(rep(1:20, each = 4)))
  as.numeric(mandel.kh(long$y, g = long$lab, type = type)[[1]])
}))), 1)
work <- c(
  paste0('"propagation":{"took":', said(linear$took), ',"gives":', flat(linear$gives), "}"),
  paste0('"trials":{"took":', said(drawn$took), ',"gives":', flat(drawn$gives), "}"),
  paste0('"algorithm A":{"took":', said(algorithm$took), ',"gives":', nest(algorithm$gives), "}"),
  paste0('"mandel":{"took":', said(mandel$took), ',"gives":[', nest(mandel$gives[[1]]), ",", nest(mandel$gives[[2]]), "]}")
)
cat('{"version":"', as.character(packageVersion("metRology")), '","work":{', paste(work, collapse = ","), "}}\n", sep = "")
