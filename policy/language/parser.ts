// Made by `npm run generate` from policy.grammar.
import {LRParser} from "@lezer/lr"
const spec_anyWord = {__proto__:null,policy:75, zone:77, list:79, allow:81, role:83, expect:85, expires:89, "expires:":91, "time-zone":95, "time-zone:":97, "identity-label":101, "identity-label:":103, owner:107, "owner:":109, reason:113, "reason:":115, protocol:119, "protocol:":121, identities:125, "identities:":127, may:131, "may:":133, from:137, "from:":139, to:143, "to:":145, members:149, "members:":151, and:155, condition:159, "condition:":161}
export const parser = LRParser.deserialize({
  version: 14,
  states: ",lQYQPOOOOQO'#Ct'#CtQYQPOOOqQPO'#DPO#hQPO'#DPO#mQPO'#DPO#rQPO'#C_OOQO'#Cu'#CuQ]QPOOOOQO'#C`'#C`OOQO'#Cb'#CbOOQO'#Cc'#CcOOQO'#Cd'#CdOOQO'#Ce'#CeOOQO'#Cf'#CfOOQO-E6r-E6rOOQO'#Ca'#CaOOQO,59k,59kOOQO'#Cg'#CgO%fQPO'#EQOOQO'#Ci'#CiOOQO'#Ck'#CkOOQO'#Cm'#CmOOQO'#Co'#CoOOQO'#Cs'#CsO'lQPO'#ChO'qQQO'#ChO'lQPO'#ChO'vQPO'#ChO'{QPO'#ChOOQO'#Cv'#CvO#rQPO,58yOOQO'#EQ'#EQO)nQPO,58yOOQO'#DX'#DXOOQO'#D['#D[OOQO'#D_'#D_OOQO'#Db'#DbOOQO'#De'#DeOOQO'#Dh'#DhOOQO'#Dk'#DkOOQO'#Dn'#DnOOQO'#Dq'#DqOOQO'#Dt'#DtOOQO'#Dw'#DwOOQO'#D|'#D|OOQO-E6s-E6sOOQO'#Cj'#CjOOQO,59S,59SO+{QPO,59SO,SQPO'#CjOOQO'#Dz'#DzO.PQPO'#DzO.UQPO,59SOOQO'#Cp'#CpO.`QPO'#EPO.eQPO,59SOOQO-E6t-E6tO.oQPO1G.eO#rQPO'#CzO.oQPO1G.eO/YQPO'#CwO1UQPO1G.nO'lQPO,5:fO1]QPO'#CxO1eQPO1G.nOOQO'#Cr'#CrO'lQPO,5:kO1oQPO'#CyO/YQPO'#CyO1wQPO1G.nO2RQPO7+$POOQO,59f,59fOOQO-E6x-E6xO/YQPO,59cOOQO,59c,59cOOQO-E6u-E6uOOQO1G0Q1G0QO1]QPO,59dOOQO,59d,59dOOQO-E6v-E6vOOQO1G0V1G0VO1oQPO,59eOOQO,59e,59eO/YQPO,59eOOQO-E6w-E6wOOQO1G.}1G.}OOQO1G/O1G/OOOQO1G/P1G/P",
  stateData: "2l~OqOSPOS~OrPOuXOvYOwZOx[Oy]Oz^O~Ot`OrsX|sX}sX!PsX!QsX!SsX!TsX!VsX!WsX!YsX!ZsX!]sX!^sX!`sX!asX!csX!dsX!fsX!gsX!isX!jsX!lsX!msX!qsX!rsX!usX~Ot`O~OtbO~OrPO|rO}rO!PsO!QsO!StO!TtO!VuO!WuO!YvO!ZvO!]wO!^wO!`xO!axO!cyO!dyO!fzO!gzO!i{O!j{O!l|O!m|O!q}O!r}O!upO~OrPOo!tXu!tXv!tXw!tXx!tXy!tXz!tX|!tX}!tX!P!tX!Q!tX!S!tX!T!tX!V!tX!W!tX!Y!tX!Z!tX!]!tX!^!tX!`!tX!a!tX!c!tX!d!tX!f!tX!g!tX!i!tX!j!tX!l!tX!m!tX!q!tX!r!tX~Ot!PO~O`!QO~Ot!SO~Ot!WO~O|rO}rO!PsO!QsO!StO!TtO!VuO!WuO!YvO!ZvO!]wO!^wO!`xO!axO!cyO!dyO!fzO!gzO!i{O!j{O!l|O!m|O!q}O!r}O~OoRauRavRawRaxRayRazRa~P(QOr[a|[a}[a!P[a!Q[a!S[a!T[a!V[a!W[a!Y[a!Z[a!][a!^[a!`[a!a[a!c[a!d[a!f[a!g[a!i[a!j[a!l[a!m[a!q[a!r[a!u[a~Ob!_O~P*XOb^XedXr^X|^X}^X!P^X!Q^X!S^X!T^X!V^X!W^X!Y^X!Z^X!]^X!^^X!`^X!a^X!c^X!d^X!f^X!g^X!i^X!j^X!l^X!m^X!o^X!q^X!r^X!u^X~Oe!aO~Ob!bO!o!dO~P*XOe!eO~Ob!gO!o!dO~P*XOoRiuRivRiwRixRiyRizRi~P(QOrPOt!PO~Or[i|[i}[i!P[i!Q[i!S[i!T[i!V[i!W[i!Y[i!Z[i!][i!^[i!`[i!a[i!c[i!d[i!f[i!g[i!i[i!j[i!l[i!m[i!q[i!r[i!u[i~Ob!_O~P/bOrPOt!SO~Ob!bO!o!dO~P/bOrPOt!WO~Ob!gO!o!dO~P/bOoRquRqvRqwRqxRqyRqzRq~P(QO",
  goto: "({!uPPP!v!{#Q#U#U!{#U#Z#`#c#l#u$dP$mP$v%PP%Z%c%l&Y&a&n&t&z'QPPPP'[PPPPPPP'aPP'aPP'aPP'aPP'jPP'sPP'sPP'sPP'|PP'|PP'|PP(VP(`PP(i(rVVOQWVROQWTaRSVSOQWVTOQWRaT_nUoq![!]!^!i_iUoq![!]!^!iQ!QiQ!RkU!Tl!b!pQ!m!_Q!o!aQ!s!eQ!u!gQ!x!lR!z!v_jUoq![!]!^!i_kUoq![!]!^!i_lUoq![!]!^!iU!Ul!b!pV!Xm!f!tS!b!V!cT!f!Y!h_mUoq![!]!^!iQQO[_Qc!l!p!t!vUcUo!]Q!l!_Q!p!bQ!t!fR!v!gSWOQR!OWQoUS!Zo!]X!]q![!^!iQ!`!RR!n!`Q!c!VR!r!cQ!h!YR!w!hQ!^qQ!i![T!k!^!iVUOQW_dUoq![!]!^!i_eUoq![!]!^!i_fUoq![!]!^!i_gUoq![!]!^!iQ!VlQ!q!bR!y!p_hUoq![!]!^!iQ!YmQ!u!fR!z!tQqUQ![oR!j!]",
  nodeNames: "⚠ Comment Policy Block PolicyKeyword Name ZoneKeyword ListKeyword AllowKeyword RoleKeyword ExpectKeyword Answer Property ValueKey Value TextKey Text WordsKey , TermsKey Attribute = And ConditionKey",
  maxTerm: 83,
  skippedNodes: [0,1],
  repeatNodeCount: 7,
  tokenData: "+P~RdOX!aXY(kYZ(vZ]!a]^({^p!apq(kqs!ast)Rt|!a|})j}!_!a!_!`*Z!`!}!a!}#O$w#O;'S!a;'S;=`(e<%l~!a~O!a~~*zR!h^`QtPOX!aXY#dZ]!a^p!apq#dq|!a|}$S}!_!a!_!`$S!`!}!a!}#O$w#O;'S!a;'S;=`(e<%lO!aQ#gXOX$SXY#dZ]$S^p$Spq#dqs$St;'S$S;'S;=`$q<%lO$SQ$XW`QOX$SXY#dZ]$S^p$Spq#dq;'S$S;'S;=`$q<%lO$SQ$tP;=`<%l$SR$|[`QOX$wXY%rZ]$w^p$wpq%rq!}$w!}#O$S#O#P$w#P#Q!a#Q;'S$w;'S;=`(_<%lO$wR%u^OX$wXY%rZ]$w^p$wpq%rqs$wst&qt!}$w!}#O$S#O#P$w#P#Q!a#Q;'S$w;'S;=`(_<%lO$wP&tWOY&qZ]&q^!}&q#O#P&q#P#Q'^#Q;'S&q;'S;=`(X<%lO&qP'cYtPOX'^Z]'^^p'^q|'^}!_'^!`!}'^!}#O&q#O;'S'^;'S;=`(R<%lO'^P(UP;=`<%l'^P([P;=`<%l&qR(bP;=`<%l$wR(hP;=`<%l!a~(pQq~XY(kpq(k~({Or~~)OPYZ(v~)WSP~OY)RZ;'S)R;'S;=`)d<%lO)R~)gP;=`<%l)RR)qWbP`QOX$SXY#dZ]$S^p$Spq#dq;'S$S;'S;=`$q<%lO$SR*bWeP`QOX$SXY#dZ]$S^p$Spq#dq;'S$S;'S;=`$q<%lO$S~+PO!u~",
  tokenizers: [0, 1],
  topRules: {"Policy":[0,2]},
  specialized: [{term: 36, get: (value: keyof typeof spec_anyWord) => spec_anyWord[value] || -1}],
  tokenPrec: 0
})

export const nodes = {
  Comment: 1,
  Policy: 2,
  Block: 3,
  PolicyKeyword: 4,
  Name: 5,
  ZoneKeyword: 6,
  ListKeyword: 7,
  AllowKeyword: 8,
  RoleKeyword: 9,
  ExpectKeyword: 10,
  Answer: 11,
  Property: 12,
  ValueKey: 13,
  Value: 14,
  TextKey: 15,
  Text: 16,
  WordsKey: 17,
  TermsKey: 19,
  Attribute: 20,
  And: 22,
  ConditionKey: 23,
} as const
