namespace Kilde.Synthetic;

/// <summary>The specialties of the synthetic hospitals, with common conditions and procedures of each.</summary>
internal static class Specialties
{
    public static Specialty Paediatrics { get; } = new(
        "220", "Barnesykdommer", ["J450", "E109", "R620", "G409", "Q211"], ["J210", "J129", "A084", "R509"],
        ["GDFC00", "WMAA00", "AAFE00"], [], Share: 45, AcuteShare: 40);

    public static Specialty Obstetrics { get; } = new(
        "200", "Kvinnesykdommer og fødselshjelp", ["N939", "N819", "D259", "N801"], ["O721", "O420", "O034"],
        ["WMAA00", "WBGM05"], ["LCD00", "LEF10"], Share: 80, AcuteShare: 40);

    public static Specialty Geriatrics { get; } = new(
        "350", "Geriatri", ["R54", "F009", "R268"], ["J189", "F059", "N390", "S720"],
        ["WMAA00", "WJFX99"], [], Share: 20, AcuteShare: 90);

    public static Specialty Oncology { get; } = new(
        "853", "Kreftsykdommer og stråleterapi", ["C509", "C61", "C189", "C349", "C439"], ["C780", "C793", "R11"],
        ["WBOC05", "WBGM00", "SAA0AD"], [], Share: 35, AcuteShare: 35);

    public static Specialty Kidney { get; } = new(
        "180", "Nyresykdommer", ["N183", "N185", "N039"], ["N179", "N170"],
        ["WBGM00", "KAGD40"], [], Share: 20, AcuteShare: 25);

    public static IReadOnlyList<Specialty> Somatic { get; } =
    [
        new(
            "010", "Generell kirurgi", ["K409", "K429", "K432", "L720", "D171"], ["K810", "K566", "L022"],
            ["WLGX20", "WBGM10"], ["JAB00", "JAH01", "QBE10"], Share: 75, AcuteShare: 90),
        new(
            "030", "Gastroenterologisk kirurgi", ["K801", "K802", "C187", "C20", "K449"],
            ["K850", "K573", "K562", "K352", "K358"],
            ["WMAA00", "SJF0AD"], ["JKA21", "JFB30", "JGB00"], Share: 50, AcuteShare: 80),
        new(
            "050", "Ortopedisk kirurgi", ["M171", "M161", "M232", "M754", "M201", "G560"],
            ["S720", "S525", "S826", "S422", "S721"],
            ["WBGM70", "WMAA00"], ["NFB30", "NGB40", "NGD11", "ACC51", "NFJ70"], Share: 150, AcuteShare: 150),
        new(
            "070", "Urologi", ["N40", "C61", "C679", "N201", "N481"], ["N390", "N10", "R31"],
            ["WBGM00", "WMAA00"], ["KED22", "KCD02"], Share: 60, AcuteShare: 45),
        new(
            "105", "Bryst- og endokrinkirurgi", ["C504", "C509", "E042", "D24", "N63"], [],
            ["WMAA00", "WBGM10"], ["HAB40", "BAA60"], Share: 35, AcuteShare: 0),
        new(
            "120", "Blodsykdommer", ["C900", "C911", "D693", "D469"], ["D70", "C920", "C833"],
            ["WBOC05", "WBGM00"], [], Share: 20, AcuteShare: 15),
        new(
            "140", "Fordøyelsessykdommer", ["K219", "K500", "K519", "D126"], ["K922", "K703", "K250", "A047"],
            ["WBGM00", "OAAL00", "SJF0AG"], [], Share: 75, AcuteShare: 60),
        new(
            "150", "Hjertesykdommer", ["I10", "I489", "I251", "I350", "I509"],
            ["I214", "I211", "I480", "I501", "I209"],
            ["FPFE50", "FPFE15"], [], Share: 80, AcuteShare: 140),
        new(
            "170", "Lungesykdommer", ["J449", "J459", "G473", "J841", "C349"], ["J189", "J441", "J151", "I269"],
            ["GDFC00", "GDFC05", "GXFX10"], [], Share: 50, AcuteShare: 110),
        Kidney,
        new(
            "190", "Revmatiske sykdommer", ["M059", "M069", "M45", "L405", "M353"], ["M009", "M316"],
            ["WBGM00", "WBGM70"], [], Share: 40, AcuteShare: 10),
        Obstetrics,
        Paediatrics,
        new(
            "240", "Hudsykdommer", ["L400", "L209", "C443", "L570", "L700"], ["L031", "A46"],
            ["QXGX10", "WBGM10"], [], Share: 40, AcuteShare: 5),
        new(
            "250", "Nevrologi", ["G35", "G20", "G409", "G439", "G301"], ["I639", "I634", "G459", "I619"],
            ["AAFE00", "SAA0AG", "WBGM00"], [], Share: 55, AcuteShare: 65),
        new(
            "290", "Øre-nese-hals", ["H919", "J342", "J353", "H669", "J320"], ["J36", "R040", "H813"],
            ["DXFX17", "DXFX18"], ["EMB10", "DJD20", "DCA20"], Share: 80, AcuteShare: 15),
        new(
            "300", "Øyesykdommer", ["H259", "H409", "H353", "H360", "H401"], ["H335", "H160"],
            ["CGFT00", "WBGM10"], ["CJE20", "CKD05"], Share: 110, AcuteShare: 5),
        Geriatrics,
        Oncology,
    ];

    public static Specialty Adult { get; } = new(
        "320", "Psykisk helsevern voksne", ["F320", "F321", "F411", "F313", "F200", "F431", "F603", "F900"],
        ["F209", "F322", "F312", "F29"], [], [], Share: 0, AcuteShare: 0);

    public static Specialty Child { get; } = new(
        "310", "Psykisk helsevern barn og unge", ["F900", "F901", "F412", "F840", "F938", "F502", "F430"],
        ["F323", "F509"], [], [], Share: 0, AcuteShare: 0);

    public static Specialty Addiction { get; } = new(
        "360", "Rusbehandling", ["F102", "F112", "F122", "F192", "F132"], ["F103", "F105"], [], [],
        Share: 0, AcuteShare: 0);

    /// <summary>Conditions that patients have besides, more of them with age.</summary>
    public static string[] Comorbidities { get; } =
    [
        "I10", "E119", "E785", "I489", "J449", "Z921", "F329", "N183", "M819", "E039", "Z867", "I252", "G473", "D649",
    ];
}
