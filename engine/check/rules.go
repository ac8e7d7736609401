package check

// Rules are all of them, in the order of the index docs/checks.md. A rule is added
// with its file, its examples and its line here.
var Rules = []Rule{
	unknownBlock, badBlockID, badInputName, emptyFlow, noStart, noStages, doubleStage, unknownStage, wrongStage, wrongTrigger, unknownTrigger,
	edgeToNowhere, edgeToEarlierStage, endlessLoop, unreachable, noWayToEnd, unwiredPort, unknownPort, terminalPort, doublePort,
	lockedBlockMissing, lockLifted, lockWithoutReason, flowMissing, circularFlow, noLoginFlow, unknownProvider, neverSentAway, clientRedirect, clientSecret,

	unknownSetting, settingMissing, settingType, settingRange, settingOption, readBeforeWrite, unknownInput, missingInput, unusedValue,

	exprSyntax, exprUnknownName, exprUnknownField, exprWrongType, exprResultType, exprTooLarge, exprBadLiteral,

	pageMissing, pageOutside, pageSyntax, unknownPageField, labelMissing,

	actionMissing, actionModule, actionSyntax, noEntry, badHeader, slowRegexp, resultTooLarge, actionUnchecked,

	needsUser, needsVerified, needsRefresh, weakIdentity, tellsWhoExists, openRedirect, unknownSecret, secretOutsideCall,

	cheapAfterCostly, notificationInFlow, timeBudget,

	suppressionUnused, suppressionOfError,
}
