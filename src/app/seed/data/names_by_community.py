"""First and last names by community, as in Melbourne, with accents, apostrophes and spaces.

No first name and no last name is in two communities, so that people with different names are
distinct. Practitioners have theirs from `names.py`, because documents quote them.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Community:
    """`share` is its weight among the people of Melbourne, about in percent."""

    name: str
    share: float
    women: tuple[str, ...]
    men: tuple[str, ...]
    last_names: tuple[str, ...]


def _community(name: str, share: float, women: str, men: str, last_names: str) -> Community:
    lists = (women, men, last_names)
    return Community(name, share, *(tuple(" ".join(each.split()).split(", ")) for each in lists))


# Rounded from the ancestries of the 2021 Census for Greater Melbourne (Australian Bureau of
# Statistics, General Community Profile, table G08). People may state two ancestries, so those of
# the British Isles and "Australian" are taken together and reduced.
COMMUNITIES: tuple[Community, ...] = (
    _community(
        "Anglo-Celtic",
        45,
        """Charlotte, Olivia, Grace, Emily, Jessica, Matilda, Imogen, Fiona, Patricia, Siobhán,
        Orla, Maeve, Siân, Bridget, Róisín, Niamh, Aoife, Bianca, Catherine, Susan, Lucy, Gráinne,
        Beatrice, Sinéad, Heather, Rebecca, Hannah, Caoimhe, Margaret, Harriet, Bronwyn, Eleanor,
        Zoë, Amelia, Isla, Ruby, Chloe, Georgia, Sophie, Alice, Abigail, Lily, Evie, Claire, Megan,
        Nicole, Melissa, Kylie, Michelle, Karen, Julie, Jennifer, Helen, Judith, Dorothy, Joan,
        Marjorie, Gwen, Beryl, Elizabeth, Victoria, Alison, Kate, Erin, Lauren, Holly, Tessa,
        Phoebe, Rosemary, Jill""",
        """Oliver, William, George, Stephen, Daniel, Eoin, Pádraig, Thomas, Jack, Seán, Cillian,
        Cormac, Declan, Matthew, Ciarán, Nigel, Graham, Lachlan, Peter, Angus, Harrison, Edward,
        Callum, Benjamin, Liam, Hamish, Trevor, Noah, Henry, Charlie, Archie, Oscar, Joshua, Samuel,
        Lucas, Ethan, Max, Hugo, Toby, Nathan, Luke, Andrew, Craig, Darren, Shane, Brett, Glenn,
        Geoffrey, Kevin, Brian, Keith, Ronald, Norman, Raymond, Desmond, Alan, Ian, Malcolm, Scott,
        Cameron, Rhys, Patrick, Dylan, Jonathan, Simon, Russell, Murray, Bruce, Douglas""",
        """Blackwood, Fairweather, Taylor, Thornton, Atkinson, White, Buchanan, Pemberton, Tierney,
        Doyle, Drummond, Donnelly, Murphy, Llewellyn, McBride, O'Sullivan, Tregenza, Gallagher,
        McAllister, Rowland, Hawthorne, Winslow, Lockwood, O'Connor, Gibbs, Flanagan, Harris,
        Williams, O'Neill, Whitlock, MacLeod, D'Aubigny, Thompson, Brennan, Clarke, Smith, Johnson,
        Wright, McDonald, Anderson, Dawson, Robinson, Cassidy, Jones, O'Dwyer, Brown, Goddard,
        Fletcher, McGrath, Kelly, Osborne, McKenzie, Dunstan, Wilson, Byrne, Fitzgerald, Mitchell,
        Campbell, O'Shea, Stewart, Hennessy, Walker, Vaughan, Cartwright, Roberts, Galbraith,
        Hughes, MacPherson, Kavanagh, Langford, Prescott, St Clair, McIntyre, Ryan, O'Reilly, Ashby,
        Chapman, Jarvis, O'Brien, Ingram, Hartley, Radcliffe, Fenwick, Bennett, Holloway, Merrick,
        Underwood, Barrett, Nolan, Martin, Davies, Evans, Edwards, Morris, Ward, Cooper, Turner,
        Hill, Moore, Clark, Baker, Allen, Young, King, Green, Adams, Watson, Morgan, Shaw, Reid,
        Murray, Ross, Graham, Marshall, Fraser, Sinclair, Lawson, Pearce, Gardiner, Barker""",
    ),
    _community(
        "Chinese",
        9,
        """Huifang, Xiaoyan, Meiling, Xiuying, Jing, Ying, Yan, Qian, Lihua, Xinyi, Jiayi, Yuting,
        Shuhui, Fang, Wenjing, Mengyao""",
        """Haoran, Jianguo, Junjie, Weiming, Zhiqiang, Wei, Jun, Feng, Zihan, Yichen, Guoqiang,
        Kai, Chengyu, Yong, Bowen, Xiaodong""",
        """Liu, Zhang, Chen, Ng, Wong, Chan, Wang, Lin, Xu, Leung, Guo, Yang, Li, Cheung, Zhao,
        Zhou, Lau, Huang, Wu, Sun, Zhu, He, Lam, Ho, Tang, Xie, Luo, Deng""",
    ),
    _community(
        "Indian",
        8,
        """Deepika, Priya, Ananya, Nandini, Shreya, Kavita, Lakshmi, Sunita, Meera, Harpreet,
        Simran, Pooja, Neha, Aisha, Divya, Radha""",
        """Karthik, Rajesh, Amit, Suresh, Sanjay, Nikhil, Rahul, Arjun, Vikram, Gurpreet, Manpreet,
        Anil, Rohan, Aarav, Vijay, Harjit""",
        """Sharma, Iyer, Singh, Mukherjee, Desai, Reddy, Gupta, Krishnan, Pillai, Malhotra, Menon,
        Joshi, Kapoor, Patel, Nair, Bose, Verma, Rao, Mehta, Shah, Gill, Sandhu, Kumar, Agarwal""",
    ),
    _community(
        "Italian",
        7,
        """Francesca, Ilaria, Chiara, Antonietta, Giulia, Concetta, Lucia, Rosa, Giovanna, Carmela,
        Sofia, Elisa, Teresa, Filomena, Daniela, Valentina""",
        """Pasquale, Vincenzo, Matteo, Rocco, Domenico, Salvatore, Lorenzo, Giuseppe, Antonio,
        Luca, Marco, Angelo, Carlo, Gino, Alessandro, Fabio""",
        """Marino, D'Amico, Caruso, Moretti, Vitale, Colombo, Calabrese, Niccolò, Ricci, De Luca,
        Esposito, Barbieri, Zappalà, Lombardi, Di Stefano, Dell'Orso, Bianchi, Rossi, D'Angelo,
        Russo, Pellegrini, Santoro, Conti, Romano, Parisi""",
    ),
    _community(
        "Greek",
        4,
        """Vasiliki, Anastasia, Despina, Kalliopi, Stavroula, Panagiota, Ioanna, Eleni, Aphrodite,
        Sotiria, Katina, Effie""",
        """Christos, Konstantinos, Theodoros, Dimitrios, Stavros, Spiros, Athanasios, Nikolaos,
        Panagiotis, Yannis, Vasilios, Ilias""",
        """Vlahos, Stavropoulos, Karagiannis, Kyriakou, Angelopoulos, Georgiou, Christodoulou,
        Pappas, Economou, Zervas, Tsakalos, Xenos, Konstantinidis, Papadopoulos, Nikolaidis,
        Antoniou""",
    ),
    _community(
        "Vietnamese",
        3.5,
        """Yến, Mai, Hương, Phượng, Tuyết, Lan, Linh, Thảo, Ngọc, Hạnh, Kim Anh, Trang""",
        """Hùng, Đức, Dũng, Tuấn, Thắng, Quốc, Minh, Long, Hải, Khoa, Vinh, Quang""",
        """Nguyễn, Phạm, Trần, Dương, Đỗ, Ngô, Huỳnh, Đặng, Bùi, Trịnh, Lê, Hoàng, Võ, Đinh, Lý""",
    ),
    _community(
        "Arabic",
        4,
        """Layla, Yasmin, Mariam, Amira, Rania, Hanan, Fatima, Nour, Samira, Zainab, Salma,
        Dalal""",
        """Khaled, Ahmad, Youssef, Elias, Hassan, Tarek, Mohammed, Charbel, Sa'id, Omar, Bilal,
        Georges""",
        """Khoury, Abboud, Chahine, Sleiman, Gerges, Nassar, Mansour, Bou Saab, Haddad, Azar,
        Daher, Tannous, Saleh, Ibrahim, Moussa, Hamdan""",
    ),
    _community(
        "Balkan",
        2.5,
        """Vesna, Dragana, Ljiljana, Snežana, Jelena, Milica, Mirjana, Biljana, Ana, Ivana,
        Slavica""",
        """Zoran, Dragan, Branko, Đorđe, Goran, Milan, Nikola, Ivan, Petar, Stjepan, Tomislav""",
        """Jovanović, Šimić, Petrović, Horvat, Kovač, Đurić, Nikolić, Marković, Babić, Stojanovski,
        Popović, Jurić, Ilić""",
    ),
    _community(
        "Sri Lankan",
        2,
        """Dilini, Nadeesha, Chathurika, Sanduni, Kumari, Ishara, Thilini, Malini, Tharushi, Anoma,
        Hiruni""",
        """Chaminda, Nuwan, Ruwan, Kasun, Lasith, Asanka, Dinesh, Sampath, Thilak, Mahesh,
        Janaka""",
        """De Silva, Fernando, Perera, Jayawardena, Wickramasinghe, Bandara, Gunasekara,
        Dissanayake, Rajapaksa, Senanayake, Mendis, Herath, Weerasinghe""",
    ),
    _community(
        "Filipino",
        2,
        """Rosalinda, Maria Luz, Luzviminda, Maricel, Jocelyn, Analyn, Cristina, Rowena,
        Marites, Imelda, Corazon""",
        """Juan Carlos, Ernesto, Rodel, Jomar, Arnel, Reynaldo, Danilo, Rommel, Jericho, Edgardo,
        Renato""",
        """Villanueva, Santos, Macaraeg, Ocampo, Dela Cruz, Pangilinan, Bautista, Reyes,
        Dimaculangan, Manalo, Aquino, Magsaysay, Lacson""",
    ),
    _community(
        "Turkish",
        1.5,
        """Sevgi, Ayşe, Gülşen, Elif, Zeynep, Emine, Hatice, Özlem, Sibel""",
        """Mehmet, Murat, Kemal, Gökhan, Osman, Mustafa, Hakan, Emre, Serkan""",
        """Özdemir, Arslan, Çelik, Kaya, Şimşek, Öztürk, Şahin, Koç, Demir, Doğan, Güneş, Güler,
        Aslan""",
    ),
    _community(
        "Maltese",
        1.5,
        """Carmen, Doris, Josephine, Antonia, Pauline, Mary Rose, Giovannina, Lorenza, Vittoria""",
        """Ġorġ, Carmelo, Saviour, Emanuel, Spiru, Joseph, Charles, Victor, Ġużeppi""",
        """Borg, Zammit, Vella, Camilleri, Micallef, Farrugia, Attard, Galea, Grech, Spiteri,
        Mifsud, Cauchi""",
    ),
    _community(
        "Polish",
        1.2,
        """Agnieszka, Katarzyna, Bożena, Zofia, Małgorzata, Danuta, Halina, Ewa""",
        """Krzysztof, Zbigniew, Wojciech, Stanisław, Łukasz, Paweł, Tadeusz, Andrzej""",
        """Krawczyk, Nowak, Kaczmarek, Wróbel, Król, Woźniak, Zając, Mazur, Wójcik, Pawlak, Gołąb,
        Stępień""",
    ),
    _community(
        "German and Nordic",
        2,
        """Solveig, Birgit, Käthe, Ingrid, Ursula, Astrid, Monika, Greta, Heike, Annelise""",
        """Günther, Jürgen, Björn, Søren, Klaus, Dieter, Lars, Stefan, Rolf, Henrik""",
        """Van den Berg, Schröder, Sørensen, Lindström, Großmann, Schäfer, Åkesson, Weiß,
        Østergaard, Müller, Böhm, Bjørnstad, De Vries, Dæhlen""",
    ),
    _community(
        "Spanish and Latin American",
        1.2,
        """Begoña, Inés, Ximena, Lourdes, Gabriela, Pilar, Catalina, Marisol""",
        """Rodrigo, Ramón, José, Alejandro, Santiago, Javier, Diego, Álvaro""",
        """Ibáñez, García, Peña, Núñez, Hernández, Muñoz, Rodríguez, López, Martínez, Sánchez,
        Ramírez, Fuentes""",
    ),
    _community(
        "Iranian and Afghan",
        1.5,
        """Farzana, Parisa, Shirin, Mahsa, Zohra, Roya, Nasrin, Laleh, Mina, Setareh""",
        """Behrouz, Reza, Farhad, Hamid, Navid, Dariush, Jawad, Kamran, Babak, Siamak""",
        """Karimi, Rezaei, Ahmadi, Rahimi, Hosseini, Mohammadi, Jafari, Rostami, Noori, Sadeghi,
        Tehrani, Haidari""",
    ),
    _community(
        "African",
        1.8,
        """Adaeze, Tigist, Nyandeng, Hodan, Abeba, Amina, Chidinma, Achol, Selam""",
        """Tesfaye, Garang, Chukwuemeka, Kwame, Abdi, Dawit, Deng, Tendai, Mohamud""",
        """Okafor, Haile, Warsame, Farah, Akol, Abdullahi, Adeyemi, Gebremariam, Mensah, Moyo,
        Majok, Tesfamariam, Kuol""",
    ),
    _community(
        "Māori and Pacific",
        1.6,
        """Ma'ata, Aroha, Te Rina, Mereana, Hinemoa, Ngaire, Losa, Salote, Anahera""",
        """Hēmi, Wiremu, Tevita, Sione, Tāne, Rāwiri, Ioane, Semisi, Nikau""",
        """Parata, Henare, Te Whaiti, Ngata, Rangihuna, Wharepapa, Fa'asavalu, Faleolo, Tūpaea,
        Tuilagi, Vaipulu, Latu""",
    ),
    _community(
        "Jewish",
        0.9,
        """Rivka, Miriam, Tova, Shoshana, Leah, Naomi, Ruth, Esther""",
        """Avraham, Moshe, Yaakov, Ari, Eitan, Noam, Reuven, Shlomo""",
        """Feldman, Goldberg, Rosenfeld, Shapiro, Kaplan, Weinstein, Levy, Cohen, Friedman,
        Rabinovich, Katz, Grossbard""",
    ),
    _community(
        "Russian and Ukrainian",
        0.9,
        """Svetlana, Olga, Natalia, Irina, Oksana, Tatiana, Ludmila, Galina""",
        """Sergei, Dmitri, Igor, Oleksandr, Vladimir, Boris, Mykola, Andriy""",
        """Bondarenko, Shevchenko, Kovalenko, Ivanov, Petrenko, Morozov, Sokolov, Kuznetsov,
        Melnyk, Volkov, Lysenko, Orlov""",
    ),
    _community(
        "Japanese and Korean",
        0.9,
        """Keiko, Sachiko, Yumi, Haruka, Minji, Soyeon, Eunjung, Akiko""",
        """Hiroshi, Kenji, Takeshi, Daisuke, Jihoon, Minjun, Sungho, Yuto""",
        """Tanaka, Nakamura, Park, Yamamoto, Choi, Suzuki, Watanabe, Kim, Jung, Ito, Kobayashi,
        Shin""",
    ),
    _community(
        "Indonesian and Malay",
        1,
        """Siti, Dewi, Nurul, Wulan, Aminah, Putri, Rohani, Indah""",
        """Agus, Budi, Ahmad Faisal, Hendra, Joko, Rizal, Wahyu, Iskandar""",
        """Wijaya, Hartono, Santoso, Kusuma, Setiawan, Rahman, Gunawan, Suharto, Halim, Susanto,
        Hidayat, Nasution""",
    ),
    _community(
        "French and Mauritian",
        1,
        """Geneviève, Renée, Amélie, Chantal, Élodie, Mathilde, Solange, Véronique""",
        """Étienne, François, Olivier, Thierry, Benoît, Yves, Rémi, Gaëtan""",
        """Gauthier, Lefèvre, Dubois, Moreau, Lacroix, Fontaine, Rivière, Chevalier, Beaumont,
        Marchand, Ramgoolam, Perrin""",
    ),
)
